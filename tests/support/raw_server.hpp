#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "workers/task_group.hpp"

namespace genspool::tests {

/// One accepted connection, read and written byte by byte.
class RawConnection {
public:
    explicit RawConnection(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

    boost::asio::awaitable<bool> handshake(boost::asio::ssl::context& context);

    /// A whole request, with its body by Content-Length; empty when the peer is gone.
    boost::asio::awaitable<std::string> read_request();
    boost::asio::awaitable<void> send(std::string bytes);
    /// Reads and forgets until the peer is gone: a server that never answers.
    boost::asio::awaitable<void> stall();
    /// Reads nothing, until the server stops.
    boost::asio::awaitable<void> ignore();
    /// Ends the connection with a reset instead of a proper end.
    void reset();

private:
    boost::asio::awaitable<bool> read_more();

    boost::asio::ip::tcp::socket socket_;
    std::optional<boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>> tls_;
    std::string pending_;
};

/// A server on a loopback port of the kernel's choice that does what the test says, proper or not.
class RawServer {
public:
    /// Serves one connection; it is closed when the coroutine ends.
    using Handler = std::function<boost::asio::awaitable<void>(RawConnection&)>;

    /// `tls` null: plain.
    RawServer(boost::asio::io_context& io, Handler handler,
              boost::asio::ssl::context* tls = nullptr);

    /// Runs `scenario` on the loop, then stops serving; rethrows what the scenario threw.
    void run(boost::asio::awaitable<void> scenario);

    std::string url(const std::string& resource, const std::string& host = "127.0.0.1") const;
    int connections() const { return connections_; }

private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);
    boost::asio::awaitable<void> run_and_stop(boost::asio::awaitable<void> scenario);

    boost::asio::io_context& io_;
    Handler handler_;
    boost::asio::ssl::context* tls_;
    boost::asio::ip::tcp::acceptor acceptor_;
    workers::TaskGroup group_;
    int connections_ = 0;
};

}  // namespace genspool::tests
