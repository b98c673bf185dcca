#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_set>

#include "tests/simulator/logs.hpp"
#include "tests/simulator/steady_wall.hpp"
#include "tests/simulator/upstream_model.hpp"

namespace genspool::simulator {

class CallbackSender;
class Connection;

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: the kernel chooses
    std::string cut_signal;  ///< file that gets a line whenever a reply is cut or stalls; or empty
    Duration hold{30'000};   ///< how long a stalled reply is held
};

/// The upstream on a TCP port: HTTP/1.1, keep-alive, one coroutine a connection, all on one
/// io_context run by one thread.
class Server {
public:
    /// Listens at once. Throws system_error when the port cannot be had.
    Server(boost::asio::io_context& io, UpstreamModel& model, ServerOptions options);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const;

    /// Begins to accept.
    void start();

    /// Closes the port and all connections, whatever they wait for. io.run() returns once their
    /// coroutines have ended.
    void stop();

private:
    friend class Connection;

    boost::asio::awaitable<void> accept_loop();
    void spawn(std::string name, boost::asio::awaitable<void> task);
    boost::asio::awaitable<void> call_back(std::shared_ptr<CallbackSender> sender);

    boost::asio::io_context& io_;
    UpstreamModel& model_;
    ServerOptions options_;
    SteadyWall clock_;
    LineFile cut_signal_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::unordered_set<Connection*> connections_;
    std::unordered_set<std::shared_ptr<CallbackSender>> senders_;
    bool stopping_ = false;
};

}  // namespace genspool::simulator
