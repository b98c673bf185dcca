#pragma once

#include "proto/codec.hpp"

namespace genspool::proto {

/// All providers that there are. Built at the first call; any thread.
const Registry& catalog();

}  // namespace genspool::proto
