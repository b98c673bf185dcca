#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// POST /v1/voice_design: a voice from a description, its id as the result and a trial as the file.
const Codec& voice_design();

}  // namespace genspool::proto::minimax
