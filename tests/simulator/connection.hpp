#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <string>

#include "tests/simulator/exchange.hpp"
#include "tests/simulator/server.hpp"

namespace genspool::simulator {

/// One client's connection: requests in order, each answered as its fate has it.
class Connection {
public:
    Connection(Server& server, boost::asio::ip::tcp::socket socket);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Serves until either side closes, or abort().
    boost::asio::awaitable<void> run();

    /// Ends whatever run() waits for.
    void abort();

private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

    ModelRequest take_request(Parser& parser) const;

    /// Sends reply_, with its callbacks before and after it.
    boost::asio::awaitable<bool> send_with_callbacks(bool keep);
    // Sending reply_. Each says whether the connection can go on.
    boost::asio::awaitable<bool> send(bool keep);
    boost::asio::awaitable<bool> send_body(std::uint64_t from, std::uint64_t to);
    boost::asio::awaitable<bool> send_slowly();
    boost::asio::awaitable<bool> sleep(Duration span);
    /// Serves reply_.session, which the request asks for, to its end.
    boost::asio::awaitable<void> converse(Parser& parser);
    void signal_cut();
    void reset();

    Server& server_;
    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    boost::beast::flat_buffer buffer_;
    ModelReply reply_;
};

/// Owns the connection while it is served.
boost::asio::awaitable<void> serve_connection(std::unique_ptr<Connection> connection);

}  // namespace genspool::simulator
