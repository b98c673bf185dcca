#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// minimax.voice_clone: a voice after a recording. The result is its id; with a text there is a
/// preview.
const Codec& voice_clone();

}  // namespace genspool::proto::minimax
