#pragma once

#include <span>

#include "proto/codec.hpp"

namespace genspool::proto::useapi {

/// In credits, as far as anybody states them.
std::span<const Price> prices();

/// How long its ops take.
std::span<const UsualTime> usual_times();

}  // namespace genspool::proto::useapi
