#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/console.hpp"
#include "cli/daemon.hpp"
#include "cli/daemon_address.hpp"

namespace genspool::cli {

/// What every command works with.
class Context {
public:
    Context(Console& console_, Environment environment)
        : console(console_), environment_(std::move(environment)) {}

    /// The daemon, looked for at the first use.
    Daemon& daemon();

    /// Whether nobody has said where the daemon is.
    bool finds_by_default() const {
        return socket.empty() && !environment_.socket && !environment_.url;
    }

    /// Whether the daemon is asked over TCP: it may work on another machine.
    bool is_far() const { return socket.empty() && !environment_.socket && environment_.url; }

    /// The user's home directory; empty: not known.
    std::string home() const { return environment_.home.value_or(""); }

    /// The unix socket at which it is looked for; empty over TCP, or where there is none.
    std::string socket_path() const;
    /// Where it is now. Throws CommandFailed where that cannot be said.
    DaemonAddress address() const { return find_daemon(socket, environment_); }

    /// A reply as it came, on one line.
    void print_json(const std::string& body) const;

    Console& console;
    bool json = false;                  ///< --json
    std::string socket;                 ///< --socket
    std::chrono::seconds away_max{60};  ///< how long a daemon that has gone is waited for

private:
    Environment environment_;
    std::optional<Daemon> daemon_;
};

}  // namespace genspool::cli
