#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// POST /v1/t2a_async_v2: speech from a text too long for one call. Its request is that of t2a_v2;
/// what the two name differently is renamed on the way. The file is an archive of the audio, its
/// subtitles and a description.
const Codec& t2a_async_v2();

}  // namespace genspool::proto::minimax
