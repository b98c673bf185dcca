#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// POST /v1/music_cover_preprocess: the words of a song that exists, and an id by which a cover of
/// it can be asked for.
const Codec& music_cover_preprocess();

}  // namespace genspool::proto::minimax
