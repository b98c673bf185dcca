#pragma once

#include <string>
#include <vector>

namespace genspool::tests {

/// The names of all kill points in the sources of the programs, sorted. Read from the sources, so
/// that a new one cannot be forgotten.
std::vector<std::string> kill_points();

/// What a kill point belongs to: "spool" of "spool.synced".
std::string part_of_kill_point(const std::string& name);

}  // namespace genspool::tests
