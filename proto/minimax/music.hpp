#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// POST /v1/music_generation: one song, in the reply.
const Codec& music();

}  // namespace genspool::proto::minimax
