#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// minimax.chat_batch: many chat requests in one file, answered within a day at half the price. Its
/// files are the answers, and the lines that failed.
const Codec& chat_batch();

}  // namespace genspool::proto::minimax
