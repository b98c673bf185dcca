#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// POST /v2/h3_context_ir: a prompt for MiniMax-H3, written anew after all that goes with it. Its
/// tasks are those of video_v2, but what they make is words.
const Codec& h3_context_ir();

}  // namespace genspool::proto::minimax
