#pragma once

#include <string_view>

/// A named place where a test may end the process as kill -9 would. Compiled out of releases.
/// GENSPOOL_KILL_AT="name" or "name:7" in the environment ends it there, at the first or seventh
/// pass.
#ifdef GENSPOOL_KILL_POINTS
#define GENSPOOL_KILL_POINT(name) ::genspool::queue::kill_point(name)
#else
#define GENSPOOL_KILL_POINT(name) static_cast<void>(0)
#endif

namespace genspool::queue {

/// Raises SIGKILL if the environment asks for it here. Any thread. Use by the macro only.
void kill_point(std::string_view name);

}  // namespace genspool::queue
