#pragma once

#include <string_view>

namespace genspool::proto {

/// Whether an HTTP answer leaves open if what was asked has been done: a proxy that gave up on the
/// daemon, or the daemon in trouble after its commit. `code` is that of the problem; empty: none.
bool leaves_open(int status, std::string_view code);

}  // namespace genspool::proto
