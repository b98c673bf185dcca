#pragma once

#include <string_view>

#include "proto/codec.hpp"

namespace genspool::proto::useapi {

/// Reads what was sent to a `replyUrl`: nobody has written down its form, and it is thought to be
/// what a query of the task would answer.
Callback read_callback(std::string_view body);

}  // namespace genspool::proto::useapi
