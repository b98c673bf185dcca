#pragma once

#include "proto/checker.hpp"

namespace genspool::proto::useapi {

/// Refuses, by name, what genspool sets itself: whose account it is, how many at once, and that
/// nobody waits for the answer.
void refuse_owned_fields(Checker& request);

}  // namespace genspool::proto::useapi
