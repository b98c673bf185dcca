#pragma once

#include <string>

#include "daemon/doctor/run.hpp"
#include "daemon/offline.hpp"
#include "daemon/program.hpp"
#include "daemon/rehearsal/run.hpp"

namespace CLI {
class App;
}

namespace genspool::daemon {

/// What genspoold can be told on its command line.
struct Arguments {
    ProgramOptions program;
    OfflineOptions offline;
    RunRehearsal rehearsal;
    RunDoctor doctor;
};

/// Describes them to the parser, which fills `arguments`.
void describe(CLI::App& app, Arguments& arguments);

/// What `--version` prints; as JSON with all that is linked.
std::string version_text(bool json);

}  // namespace genspool::daemon
