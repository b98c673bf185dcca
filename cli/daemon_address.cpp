#include "cli/daemon_address.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cstdlib>
#include <filesystem>

#include "cli/failure.hpp"

namespace genspool::cli {
namespace {

std::optional<std::string> variable(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
}

DaemonAddress at_socket(std::string path, const std::string& named_by) {
    DaemonAddress address;
    address.tried.push_back(path + " (" + named_by + ")");
    address.socket_path = std::move(path);
    return address;
}

bool stays_here(const std::string& host) {
    boost::system::error_code no_address;
    const auto address = boost::asio::ip::make_address(host, no_address);
    return host == "localhost" || (!no_address && address.is_loopback());
}

bool fits_header(const std::string& token) {
    return std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f'; });
}

void check_token(const DaemonAddress& address) {
    if (!fits_header(address.token))
        throw CommandFailed(Exit::usage, "GENSPOOL_TOKEN is no token: it has blanks or line ends");
    if (!address.token.empty() && !address.tls && !stays_here(address.host))
        throw CommandFailed(Exit::usage,
                            "GENSPOOL_URL must be https:// beyond this machine: over http:// "
                            "everybody on the way reads the token");
}

DaemonAddress at_url(const std::string& text, const Environment& environment) {
    const auto parsed = boost::urls::parse_uri(text);
    const bool usable = parsed && (parsed->scheme() == "http" || parsed->scheme() == "https") &&
                        !parsed->encoded_host().empty() && !parsed->has_userinfo() &&
                        parsed->encoded_path().size() <= 1 && !parsed->has_query();
    if (!usable) {
        throw CommandFailed(Exit::usage,
                            "GENSPOOL_URL must be like http://127.0.0.1:7788 or "
                            "https://spool.example.org:7788, not \"" +
                                text + "\"");
    }
    DaemonAddress address;
    const auto host = parsed->encoded_host_address();
    address.host.assign(host.data(), host.size());
    const auto port = parsed->port();
    address.port.assign(port.data(), port.size());
    if (address.port.empty()) address.port = "7788";
    address.tls = parsed->scheme() == "https";
    address.ca_file = environment.ca.value_or("");
    address.token = environment.token.value_or("");
    check_token(address);
    address.tried.push_back(text + " (GENSPOOL_URL)");
    return address;
}

}  // namespace

Environment read_environment() {
    Environment environment;
    environment.socket = variable("GENSPOOL_SOCKET");
    environment.url = variable("GENSPOOL_URL");
    environment.token = variable("GENSPOOL_TOKEN");
    environment.ca = variable("GENSPOOL_CA");
    environment.runtime_dir = variable("XDG_RUNTIME_DIR");
    environment.home = variable("HOME");
    return environment;
}

DaemonAddress find_daemon(const std::string& named, const Environment& environment) {
    if (!named.empty()) return at_socket(named, "--socket");
    if (environment.socket) return at_socket(*environment.socket, "GENSPOOL_SOCKET");
    if (environment.url) return at_url(*environment.url, environment);
    std::vector<std::string> defaults;
    if (environment.runtime_dir) defaults.push_back(*environment.runtime_dir + "/genspool.sock");
    defaults.push_back(environment.system_socket);
    for (const std::string& path : defaults) {
        std::error_code error;
        const bool there = std::filesystem::exists(path, error);
        // Behind a directory that is closed to us there is one, as far as we know.
        if (there || error == std::errc::permission_denied) return at_socket(path, "default");
    }
    DaemonAddress nowhere;
    nowhere.tried = defaults;
    throw CommandFailed(Exit::unreachable, unreachable_line(nowhere, "there is no such socket"));
}

std::string unreachable_line(const DaemonAddress& address, const std::string& why) {
    std::string line = "cannot reach the daemon at ";
    for (std::size_t i = 0; i < address.tried.size(); ++i)
        line += (i > 0 ? " or " : "") + address.tried[i];
    line += ": " + why;
    if (why.find("certificate") != std::string::npos) {
        return line + "; GENSPOOL_CA names a file of certificates to trust";
    }
    if (why.find("ermission") != std::string::npos) {
        return line + "; you may have to be in the group of the daemon";
    }
    return line + "; start it (`systemctl start genspoold`, or `genspoold` in another terminal), " +
           "or say where it is with --socket, GENSPOOL_SOCKET or GENSPOOL_URL";
}

}  // namespace genspool::cli
