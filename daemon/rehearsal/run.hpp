#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "daemon/program.hpp"

namespace genspool::daemon {

struct RunRehearsal {
    std::string file;                  ///< the batch; "-": standard input; empty: no rehearsal
    std::string config_file;           ///< as ProgramOptions::config_file
    std::vector<std::string> times;    ///< each "KEY=SPAN" or "KEY=QUICK/MEDIAN/SLOW"
    std::vector<std::string> learned;  ///< likewise, as a daemon has learned it
    std::string budget;                ///< of the batch; empty: none
};

/// Rehearses a batch file with the configured accounts, from an empty queue, now. No key is read,
/// no state directory is touched, nothing is sent. Writes one line of JSON to `out`, or what is
/// wrong to `err`; the exit code is genspool's: ok, usage, not_found (there is no such file).
ExitCode run_rehearsal(const RunRehearsal& wanted, std::istream& in, std::ostream& out,
                       std::ostream& err);

}  // namespace genspool::daemon
