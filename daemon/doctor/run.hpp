#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "daemon/program.hpp"

namespace genspool::daemon {

struct RunDoctor {
    bool wanted = false;
    std::string config_file;           ///< as ProgramOptions::config_file
    std::vector<std::string> regions;  ///< instead of the providers' own: base URLs; for tests
};

/// Looks for the usual mistakes: in the configuration, the keys, the state directory, and by calls
/// that cost nothing at the upstreams. Works whether a daemon runs or not and changes nothing.
/// Writes one finding a line to `out`, as JSON, and one line with the configured socket; failed
/// where one of them is a problem.
/// `genspool doctor` adds what it sees of the daemon that runs, and puts it for people.
ExitCode run_doctor(const RunDoctor& wanted, std::ostream& out, std::ostream& err);

}  // namespace genspool::daemon
