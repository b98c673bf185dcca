#pragma once

#include <span>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// How long MiniMax's ops take, each of them.
std::span<const UsualTime> usual_times();

}  // namespace genspool::proto::minimax
