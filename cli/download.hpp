#pragma once

#include <string>

#include "cli/daemon.hpp"

namespace genspool::cli {

/// This machine would not take the file.
class NotSaved : public CommandFailed {
public:
    explicit NotSaved(const std::string& line, Exit exit = Exit::failed)
        : CommandFailed(exit, line) {}
};

/// Fetches `target` into the file `path`, which appears only when it is complete: it grows beside
/// it as `.NAME.part`, which one program at a time may write, and is synced and renamed at the end.
/// An existing file is refused unless `replace`, and bytes that do not have this SHA-256, unless
/// that is empty. Throws NotSaved, and CommandFailed for the daemon's trouble; the part is then
/// removed.
void download_to_file(Daemon& daemon, const std::string& target, const std::string& path,
                      bool replace, const std::string& sha256);

}  // namespace genspool::cli
