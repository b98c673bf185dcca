#pragma once

#include <stdexcept>
#include <string>

namespace genspool::cli {

/// What the program's exit code says.
enum class Exit : int {
    done = 0,
    failed = 1,  ///< the job failed or was canceled, or lines of a batch were refused
    usage = 2,
    not_found = 3,
    not_allowed = 4,
    unreachable = 5,  ///< the daemon does not answer, or cannot serve now
    held = 6,         ///< the job waits for a person
    timed_out = 124,
};

/// Ends the command: one line for people, and the exit code. Caught where the program ends.
class CommandFailed : public std::runtime_error {
public:
    CommandFailed(Exit exit, const std::string& line) : std::runtime_error(line), exit_(exit) {}

    Exit exit() const { return exit_; }

private:
    Exit exit_;
};

}  // namespace genspool::cli
