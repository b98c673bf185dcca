#pragma once

#include "proto/codec.hpp"

namespace genspool::proto::useapi {

/// POST /speech/create, its query and its list.
const Codec& speech();

}  // namespace genspool::proto::useapi
