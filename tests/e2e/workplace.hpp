#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "tests/programs/daemon_program.hpp"
#include "tests/programs/simulator_program.hpp"

namespace genspool::tests {

/// A simulated upstream without faults, and a daemon with one account there, not started yet.
struct Workplace {
    explicit Workplace(std::vector<std::string> simulator_arguments = {"--latency", "50ms"},
                       DaemonSettings settings = {});

    /// Hands in one job of that kind over the API; its id.
    std::string submit(const std::string& kind, const std::string& prompt) const;
    boost::json::value job(const std::string& id) const;
    std::string state_of(const std::string& id) const;
    /// Waits for that state.
    void await_state(const std::string& id, const std::string& state) const;

    TemporaryDirectory directory;
    SimulatorProgram simulator;
    DaemonProgram daemon;
};

/// A job of that kind as JSON.
std::string job_text(const std::string& kind, const std::string& prompt);

/// The regular files below a directory, in no particular order.
std::vector<std::string> files_below(const std::string& directory);

}  // namespace genspool::tests
