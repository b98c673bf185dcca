#pragma once

#include <cstddef>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// How many characters a text may have here; a longer one is said in a session, or comes as a file.
inline constexpr std::size_t t2a_async_text_max = 50'000;

/// POST /v1/t2a_async_v2: speech from a text too long for one call. Its request is that of t2a_v2;
/// what the two name differently is renamed on the way. The file is an archive of the audio, its
/// subtitles and a description.
const Codec& t2a_async_v2();

}  // namespace genspool::proto::minimax
