#include "daemon/server.hpp"

#include <fcntl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/log.hpp"
#include "daemon/problem.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

void log_failure(std::string_view name, const std::exception_ptr& error) {
    std::string what = "unknown";
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& thrown) {
        what = thrown.what();
    }
    log(Level::error, "task_failed", {{"task", std::string(name)}, {"error", what}});
}

/// The session's place among the others; gives it up, and so closes the connection.
class Registered {
public:
    using Sessions = std::list<std::unique_ptr<Session>>;

    Registered(Sessions& sessions, Sessions::iterator place) : sessions_(sessions), place_(place) {}
    ~Registered() { sessions_.erase(place_); }
    Registered(const Registered&) = delete;
    Registered& operator=(const Registered&) = delete;

private:
    Sessions& sessions_;
    Sessions::iterator place_;
};

}  // namespace

Server::Server(const asio::any_io_executor& executor, workers::Clock& clock, Listener& listener,
               ServerOptions options, Answering answering)
    : clock_(clock),
      listener_(listener),
      options_(options),
      answering_(std::move(answering)),
      loops_(executor, log_failure),
      serving_(executor, log_failure) {}

void Server::start() {
    loops_.spawn("accept", accept());
    loops_.spawn("sweep", sweep());
}

asio::awaitable<void> Server::accept() {
    while (!stopping_) {
        auto result =
            co_await listener_.acceptor().async_accept(asio::as_tuple(asio::use_awaitable));
        auto& [error, socket] = result;
        if (stopping_) co_return;
        if (error) {
            // Out of descriptors, or a client that left at once. The first would come again at
            // once.
            log(Level::warn, "accept_failed", {{"error", error.message()}});
            co_await clock_.sleep_until(clock_.now() + std::chrono::milliseconds{100});
            continue;
        }
        ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
        if (sessions_.size() >= options_.connections_max) {
            turn_away(socket);
        } else {
            serving_.spawn("session", serve(std::move(socket)));
        }
    }
}

void Server::turn_away(Session::Socket& socket) const {
    const Reply reply = to_reply(Problem("busy", "There are too many connections already."));
    boost::system::error_code ignored;  // it was only a courtesy
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(serialize(reply, false, true)), ignored);
}

asio::awaitable<void> Server::serve(Session::Socket socket) {
    auto caller = peer_of(socket.native_handle(), options_.admins);
    if (!caller) co_return;
    const auto place = sessions_.insert(
        sessions_.end(), std::make_unique<Session>(std::move(socket), std::move(*caller),
                                                   options_.session, answering_));
    // However it ends: a body may fail in the middle, and then only a closed connection says so.
    const Registered registered(sessions_, place);
    Session& session = **place;
    co_await session.run();
}

asio::awaitable<void> Server::sweep() {
    while (true) {
        const bool slept = co_await clock_.sleep_until(clock_.now() + std::chrono::seconds{1});
        if (!slept) co_return;
        const auto now = std::chrono::steady_clock::now();
        for (const auto& session : sessions_)
            session->end_if_overdue(now);
    }
}

asio::awaitable<void> Server::stop() {
    stopping_ = true;
    boost::system::error_code ignored;  // it may be closed already
    listener_.acceptor().cancel(ignored);
    for (const auto& session : sessions_)
        session->stop();
    // The sweep sees only a client that has fallen silent; one that goes on and on is seen by this.
    loops_.spawn("stop patience", cut_after(options_.stop_patience));
    co_await serving_.join();
    loops_.cancel_all();
    co_await loops_.join();
}

asio::awaitable<void> Server::cut_after(proto::Duration patience) {
    const bool over = co_await clock_.sleep_until(clock_.now() + patience);
    if (over) cut_short();
}

void Server::cut_short() {
    stopping_ = true;
    for (const auto& session : sessions_)
        session->cut();
    serving_.cancel_all();
}

}  // namespace genspool::daemon
