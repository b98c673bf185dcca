#include "tests/e2e/tcp_place.hpp"

#include <stdexcept>
#include <utility>

namespace genspool::tests {

TcpPlace::TcpPlace(std::vector<std::string> simulator_arguments, DaemonSettings settings)
    : token(add_token()),
      work(std::move(simulator_arguments), with_listener(std::move(settings))) {}

std::string TcpPlace::add_token() const {
    const ProgramRun added = run_program({"genspool", "token", "add", "desk", "--file", tokens()});
    if (added.code != 0) throw std::runtime_error("no token: " + added.err);
    return added.out.substr(0, added.out.find('\n'));
}

DaemonSettings TcpPlace::with_listener(DaemonSettings settings) const {
    settings.tables += "[http]\nlisten = \"127.0.0.1:0\"\ntoken_file = \"" + tokens() + "\"\n";
    return settings;
}

ProgramRun TcpPlace::client(std::vector<std::string> arguments, const std::string& with) const {
    arguments.insert(arguments.begin(), "genspool");
    return run_program(std::move(arguments),
                       {"GENSPOOL_SOCKET=", "GENSPOOL_TOKEN=" + with,
                        "GENSPOOL_URL=http://127.0.0.1:" + work.daemon.http_port()});
}

}  // namespace genspool::tests
