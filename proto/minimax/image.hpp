#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// POST /v1/image_generation: one to nine pictures, in the reply.
const Codec& image();

}  // namespace genspool::proto::minimax
