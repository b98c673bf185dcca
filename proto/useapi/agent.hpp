#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::useapi {

/// POST /agent: an assistant is told in words what to make, and makes as many files as it likes.
const Codec& agent();

}  // namespace genspool::proto::useapi
