#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "daemon/config.hpp"
#include "daemon/door.hpp"
#include "daemon/guard.hpp"

namespace genspool::daemon {

/// The address that [http] listen names: "127.0.0.1:7788", "[::1]:7788", "localhost:7788". Port 0
/// is one of the kernel's choice. nullopt: no such address.
std::optional<boost::asio::ip::tcp::endpoint> parse_listen(const std::string& text);

/// A socket that listens there. Throws std::runtime_error, with the reason in words.
boost::asio::ip::tcp::acceptor listen_at(const boost::asio::any_io_executor& executor,
                                         const boost::asio::ip::tcp::endpoint& endpoint);

/// "127.0.0.1:7788".
std::string described(const boost::asio::ip::tcp::endpoint& endpoint);

/// The listening TCP socket, with its TLS and its guard. Event-loop thread only.
class TcpListener {
public:
    /// Binds and listens. Throws std::runtime_error, with the reason in words, if that cannot be,
    /// and where it would speak to other machines without TLS. `secret` signs the cookies of
    /// browsers. What `opens` says yes to needs no token.
    TcpListener(const boost::asio::any_io_executor& executor, const Config::Http& config,
                std::string secret, const workers::Clock& clock, TokenGuard::Opens opens = {});

    Door door() { return {acceptor_, &guard_, tls_.get()}; }
    SignIns& sign_ins() { return sign_ins_; }
    std::uint16_t port() const { return port_; }

private:
    std::unique_ptr<boost::asio::ssl::context> tls_;  ///< null: plain
    Tokens tokens_;
    SignIns sign_ins_;
    TokenGuard guard_;
    Acceptor acceptor_;
    std::uint16_t port_ = 0;
};

}  // namespace genspool::daemon
