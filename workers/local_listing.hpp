#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workers/local_root.hpp"

/// What lies in directories beneath a root. Blocking; any thread. A missing directory is empty; one
/// that cannot be read throws std::system_error.
namespace genspool::workers {

/// The names in one directory, sorted.
std::vector<std::string> names_in(const LocalRoot& root, const std::string& path);

/// The paths of all files in this directory and those below it whose name ends so, sorted. Links
/// are not followed. Holds only what it finds, however much there is.
std::vector<std::string> files_ending(const LocalRoot& root, const std::string& path,
                                      std::string_view ending);

}  // namespace genspool::workers
