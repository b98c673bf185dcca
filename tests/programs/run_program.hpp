#pragma once

#include <string>
#include <vector>

#include "tests/programs/daemon_program.hpp"

namespace genspool::tests {

/// How a program ended, and what it said.
struct ProgramRun {
    int code = 0;  ///< or minus the signal that ended it
    std::string out;
    std::string err;
};

/// Runs a program of ours to its end: its name, then its arguments. `environment` beside our own.
ProgramRun run_program(std::vector<std::string> command,
                       const std::vector<std::string>& environment = {});

/// Runs `genspool` with these arguments against this daemon.
ProgramRun run_client(const DaemonProgram& daemon, std::vector<std::string> arguments);

}  // namespace genspool::tests
