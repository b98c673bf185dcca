#pragma once

#include "proto/codec.hpp"

namespace genspool::fuzz {

/// Every provider that is built in.
const proto::Registry& registry();

}  // namespace genspool::fuzz
