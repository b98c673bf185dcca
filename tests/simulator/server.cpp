#include "tests/simulator/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <iostream>

#include "tests/simulator/callback_sender.hpp"
#include "tests/simulator/connection.hpp"

namespace genspool::simulator {

namespace asio = boost::asio;
using asio::ip::tcp;

Server::Server(asio::io_context& io, UpstreamModel& model, ServerOptions options)
    : io_(io),
      model_(model),
      options_(std::move(options)),
      cut_signal_(options_.cut_signal),
      acceptor_(io, tcp::endpoint(asio::ip::make_address(options_.address), options_.port)) {}

Server::~Server() = default;

std::uint16_t Server::port() const {
    return acceptor_.local_endpoint().port();
}

void Server::start() {
    spawn("accept", accept_loop());
}

void Server::stop() {
    stopping_ = true;
    boost::system::error_code ignored;  // closing what is closed already is no error here
    acceptor_.close(ignored);
    for (auto* connection : connections_)
        connection->abort();
    for (const auto& sender : senders_)
        sender->abort();
}

void Server::spawn(std::string name, asio::awaitable<void> task) {
    auto report = [name = std::move(name)](std::exception_ptr failure) {
        if (!failure) return;
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& e) {
            std::cerr << "genspool-sim: " << name << ": " << e.what() << '\n';
        }
    };
    asio::co_spawn(io_, std::move(task), std::move(report));
}

asio::awaitable<void> Server::call_back(std::shared_ptr<CallbackSender> sender) {
    co_await sender->run();
    senders_.erase(sender);
}

asio::awaitable<void> Server::accept_loop() {
    asio::steady_timer pause(io_);
    while (!stopping_) {
        auto [ec, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        if (stopping_) co_return;
        if (ec) {
            // Out of descriptors, most likely: what is open has to end first.
            pause.expires_after(std::chrono::milliseconds(20));
            co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
            continue;
        }
        spawn("connection",
              serve_connection(std::make_unique<Connection>(*this, std::move(socket))));
    }
}

}  // namespace genspool::simulator
