#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::useapi {

/// POST /images/create: one to four pictures, each a task of its own.
const Codec& image();

}  // namespace genspool::proto::useapi
