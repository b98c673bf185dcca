#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// POST /v2/video_generation (MiniMax-H3 and its like), or /v2/video_regeneration where the request
/// names a clip to make larger. Its queries name the task in the path, its errors are HTTP codes,
/// and a task that has not begun can be cancelled.
const Codec& video_v2();

}  // namespace genspool::proto::minimax
