#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// A session on /ws/v1/t2a_v2: a text of any length, said in pieces that become one file.
const Codec& t2a_ws();

}  // namespace genspool::proto::minimax
