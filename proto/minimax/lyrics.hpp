#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// POST /v1/lyrics_generation: writes or edits the words of a song.
const Codec& lyrics();

}  // namespace genspool::proto::minimax
