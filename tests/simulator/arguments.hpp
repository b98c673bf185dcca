#pragma once

#include <string>

#include "tests/simulator/server.hpp"
#include "tests/simulator/upstream_model.hpp"

namespace CLI {
class App;
}

namespace genspool::simulator {

/// What genspool-sim can be told on its command line.
struct Arguments {
    ModelOptions model;
    ServerOptions server;
    std::string port_file;
    std::string truth_log;
    std::string fault_log;
};

/// Describes them to the parser, which fills `arguments`.
void describe(CLI::App& app, Arguments& arguments);

/// What `--version` prints; as JSON with all that is linked.
std::string version_text(bool json);

}  // namespace genspool::simulator
