#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::useapi {

/// POST /videos/agent-create, a video made of a template, which is told by a stream of events.
const Codec& video_template();

}  // namespace genspool::proto::useapi
