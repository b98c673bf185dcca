#pragma once

#include <optional>
#include <string>
#include <vector>

namespace genspool::cli {

/// What the program takes from its environment.
struct Environment {
    std::optional<std::string> socket;       ///< GENSPOOL_SOCKET
    std::optional<std::string> url;          ///< GENSPOOL_URL
    std::optional<std::string> token;        ///< GENSPOOL_TOKEN
    std::optional<std::string> ca;           ///< GENSPOOL_CA
    std::optional<std::string> runtime_dir;  ///< XDG_RUNTIME_DIR
    std::optional<std::string> home;         ///< HOME
    std::string system_socket = "/run/genspool/genspool.sock";
};

Environment read_environment();

/// Where the daemon is: a unix socket, or a host with port and token, with or without TLS.
struct DaemonAddress {
    std::string socket_path;  ///< empty: over TCP
    std::string host;
    std::string port;
    bool tls = false;
    std::string ca_file;             ///< PEM: whom TLS trusts; empty: whom the system trusts
    std::string token;               ///< for TCP; empty: none is sent
    std::vector<std::string> tried;  ///< in words, for people
};

/// The socket named on the command line (`named`, empty if none), GENSPOOL_SOCKET, GENSPOOL_URL,
/// else the first of the default sockets that exists. Throws CommandFailed on a URL that cannot be
/// used, on one that would show the token to the network, and where none of the default sockets
/// exists.
DaemonAddress find_daemon(const std::string& named, const Environment& environment);

/// "cannot reach the daemon …": what was tried and what can be done about it.
std::string unreachable_line(const DaemonAddress& address, const std::string& why);

}  // namespace genspool::cli
