#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// POST /v1/t2a_v2: a text spoken, in the reply.
const Codec& t2a_v2();

}  // namespace genspool::proto::minimax
