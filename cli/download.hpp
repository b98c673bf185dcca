#pragma once

#include <string>

#include "cli/daemon.hpp"

namespace genspool::cli {

/// Fetches `target` into the file `path`, which appears only when it is complete: it grows as
/// PATH.part and is synced and renamed at the end. An existing file is refused unless `replace`.
/// Throws CommandFailed; the part is then removed.
void download_to_file(Daemon& daemon, const std::string& target, const std::string& path,
                      bool replace);

}  // namespace genspool::cli
