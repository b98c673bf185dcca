#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// POST /v1/video_generation from a text or a first frame, its query, and the file's link.
const Codec& video_v1();

}  // namespace genspool::proto::minimax
