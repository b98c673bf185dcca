#pragma once

#include <string>
#include <vector>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"

namespace genspool::tests {

/// A workplace whose daemon can be reached on a loopback port as well, with one token.
struct TcpPlace {
    TcpPlace(std::vector<std::string> simulator_arguments, DaemonSettings settings);

    /// Runs `genspool` with these arguments over TCP, with that token.
    ProgramRun client(std::vector<std::string> arguments, const std::string& with) const;
    ProgramRun client(std::vector<std::string> arguments) const {
        return client(std::move(arguments), token);
    }
    std::string tokens() const { return directory.path("token"); }

    TemporaryDirectory directory;
    std::string token;  ///< of "desk"
    Workplace work;

private:
    std::string add_token() const;
    DaemonSettings with_listener(DaemonSettings settings) const;
};

}  // namespace genspool::tests
