#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// POST /v1/video_template_generation: a video by a template of the upstream's, from pictures and
/// texts.
const Codec& video_template();

}  // namespace genspool::proto::minimax
