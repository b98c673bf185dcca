#include "cli/context.hpp"

#include "cli/failure.hpp"
#include "cli/json_reading.hpp"

namespace genspool::cli {

Daemon& Context::daemon() {
    if (!daemon_) {
        daemon_.emplace(address(), away_max,
                        [this](const std::string& note) { console.err_line("genspool: " + note); });
    }
    return *daemon_;
}

std::string Context::socket_path() const {
    try {
        return find_daemon(socket, environment_).socket_path;
    } catch (const CommandFailed&) {
        return {};  // whoever asks has heard so already
    }
}

void Context::print_json(const std::string& body) const {
    console.out_line(on_one_line(body));
}

}  // namespace genspool::cli
