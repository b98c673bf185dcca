#pragma once

#include <string>

namespace genspool::bench {

/// How often a second 200 bytes can be appended to a file of `directory` and synced.
double syncs_a_second(const std::string& directory, bool preallocated, double seconds);

}  // namespace genspool::bench
