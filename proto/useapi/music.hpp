#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::useapi {

/// POST /music/create: a song, or several of one request.
const Codec& music();

}  // namespace genspool::proto::useapi
