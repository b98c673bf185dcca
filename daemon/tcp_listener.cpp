#include "daemon/tcp_listener.hpp"

#include <fcntl.h>

#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "daemon/log.hpp"
#include "daemon/server_tls.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

std::unique_ptr<asio::ssl::context> tls_of(const Config::Http& config) {
    if (config.tls_cert.empty()) return nullptr;
    ServerTls tls = make_server_tls(config.tls_cert, config.tls_key);
    if (!tls.context) throw std::runtime_error(tls.error);
    return std::move(tls.context);
}

}  // namespace

std::optional<tcp::endpoint> parse_listen(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0) return std::nullopt;
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, port);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    std::string host = text.substr(0, colon);
    if (host == "localhost") host = "127.0.0.1";
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed) host = host.substr(1, host.size() - 2);
    boost::system::error_code no_address;
    const auto address = asio::ip::make_address(host, no_address);
    if (no_address || address.is_v6() != bracketed) return std::nullopt;
    return tcp::endpoint(address, port);
}

std::string described(const tcp::endpoint& endpoint) {
    std::ostringstream text;
    text << endpoint;
    return text.str();
}

tcp::acceptor listen_at(const asio::any_io_executor& executor, const tcp::endpoint& endpoint) {
    tcp::acceptor acceptor(executor);
    boost::system::error_code error;
    // All is set up before the bind, so that no connection finds it half done.
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
    if (error) throw std::runtime_error(described(endpoint) + ": " + error.message());
    // Asio does not ask for close-on-exec.
    ::fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
    return acceptor;
}

TcpListener::TcpListener(const asio::any_io_executor& executor, const Config::Http& config,
                         std::string secret, const workers::Clock& clock, TokenGuard::Opens opens)
    : tls_(tls_of(config)),
      tokens_(config.token_file),
      sign_ins_(std::move(secret), tls_ != nullptr, tokens_, clock),
      guard_(HostCheck(config.hosts, tls_.get()), tokens_, sign_ins_, std::move(opens)),
      acceptor_(executor) {
    const auto endpoint = parse_listen(config.listen);
    if (!endpoint) throw std::runtime_error("[http] listen: no address: " + config.listen);
    // The configuration was refused already; this is the line that must never be passed by.
    if (!tls_ && !endpoint->address().is_loopback())
        throw std::runtime_error("[http] listen: " + config.listen + " needs TLS");
    tcp::acceptor acceptor = listen_at(executor, *endpoint);
    const tcp::endpoint bound = acceptor.local_endpoint();
    port_ = bound.port();
    acceptor_ = std::move(acceptor);
    log(Level::info, "http_listening",
        {{"address", described(bound)}, {"tls", tls_ ? "yes" : "no"}});
}

}  // namespace genspool::daemon
