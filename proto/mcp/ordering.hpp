#pragma once

#include <string>

namespace genspool::proto::mcp {

/// The idempotency key of an order that was given none: equal orders have equal keys, whatever the
/// order of their fields. `job` is JSON.
std::string order_key(const std::string& job);

}  // namespace genspool::proto::mcp
