#include "daemon/server.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
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

void turn_away(Connection::Socket& socket) {
    const Reply reply = too_many_connections();
    boost::system::error_code ignored;  // it was only a courtesy
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(serialize(reply, false, true)), ignored);
}

/// A client whose machine or network has gone says no goodbye; the kernel asks after him. Else he
/// would count as there, and who repeats his order would buy a second time (docs/decisions/0022).
void watch_for_silence(Connection::Socket& socket) {
    constexpr int silent_s = 15;
    constexpr int ask_every_s = 5;
    constexpr int asked = 3;
    const int watched = socket.native_handle();
    const auto set = [watched](int level, int option, int value) {
        // Where it cannot be set he is there for as long as the system's own patience lasts.
        static_cast<void>(::setsockopt(watched, level, option, &value, sizeof value));
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, silent_s);
    set(IPPROTO_TCP, TCP_KEEPINTVL, ask_every_s);
    set(IPPROTO_TCP, TCP_KEEPCNT, asked);
    // It asks only where nothing is on its way to him; else that is given up after as long.
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, (silent_s + ask_every_s * asked) * 1'000);
}

}  // namespace

Server::Server(const asio::any_io_executor& executor, workers::Clock& clock,
               const std::vector<Door>& doors, ServerOptions options, Answering answering)
    : clock_(clock),
      options_(options),
      answering_(std::move(answering)),
      loops_(executor, log_failure),
      serving_(executor, log_failure) {
    for (const Door& door : doors)
        entrances_.emplace_back(door);
}

void Server::start() {
    for (Entrance& entrance : entrances_)
        loops_.spawn("accept", accept(entrance));
    loops_.spawn("sweep", sweep());
}

asio::awaitable<void> Server::accept(Entrance& entrance) {
    while (!stopping_) {
        auto result =
            co_await entrance.door.acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
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
        let_in(std::move(socket), entrance);
    }
}

void Server::let_in(Connection::Socket socket, Entrance& entrance) {
    auto caller = caller_of(socket, entrance.door);
    if (!caller) return;
    if (make_room(entrance, caller->principal, nullptr, options_.connections_max)) {
        serving_.spawn("session", serve(std::move(socket), std::move(*caller), entrance));
    } else if (entrance.door.tls == nullptr) {
        turn_away(socket);
    }
}

bool Server::make_room(Entrance& entrance, std::string_view newcomer, const Session* itself,
                       std::uint32_t connections_max) {
    if (entrance.sessions.size() < share_of_one(connections_max)) return true;
    std::vector<Session*> sessions;
    std::vector<Seat> seats;
    for (const auto& session : entrance.sessions) {
        if (session.get() == itself) continue;
        sessions.push_back(session.get());
        seats.push_back(session->seat());
    }
    const Admittance admittance = admit(seats, newcomer, connections_max);
    if (admittance.leaves) sessions[*admittance.leaves]->cut();
    return admittance.admitted;
}

bool Server::has_room_for(const Session& session) {
    for (Entrance& entrance : entrances_) {
        for (const auto& each : entrance.sessions) {
            if (each.get() == &session)
                return make_room(entrance, session.seat().principal, &session,
                                 options_.connections_max);
        }
    }
    return false;
}

void Server::holds_more(std::uint64_t bytes) {
    held_bytes_ += bytes;
    if (held_bytes_ <= options_.held_bytes_max) return;
    std::vector<Session*> sessions;
    std::vector<Seat> seats;
    for_each_session([&](Session& session) {
        sessions.push_back(&session);
        seats.push_back(session.seat());
    });
    const auto found = who_lets_go(seats, options_.small_bytes);
    if (found) sessions[*found]->let_go();
}

asio::awaitable<void> Server::serve(Connection::Socket socket, Caller caller, Entrance& entrance) {
    SessionHost& host = *this;  // make_unique could not see the private base
    auto session = std::make_unique<Session>(std::move(socket), entrance.door, std::move(caller),
                                             options_.session, host, answering_);
    Sessions& sessions = entrance.sessions;
    const auto place = sessions.insert(sessions.end(), std::move(session));
    // However it ends: a body may fail in the middle, and then only a closed connection says so.
    const Registered registered(sessions, place);
    co_await (*place)->run();
}

/// nullopt: it cannot be said, so nothing can be asked.
std::optional<Caller> Server::caller_of(Connection::Socket& socket, const Door& door) const {
    if (door.guard == nullptr) return peer_of(socket.native_handle(), options_.admins);
    boost::system::error_code ignored;  // a matter of speed alone
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    watch_for_silence(socket);
    return Caller{};
}

asio::awaitable<void> Server::sweep() {
    while (true) {
        const bool slept = co_await clock_.sleep_until(clock_.now() + std::chrono::seconds{1});
        if (!slept) co_return;
        const auto now = std::chrono::steady_clock::now();
        for_each_session([now](Session& session) {
            session.end_if_overdue(now);
            session.end_if_unknown();
        });
    }
}

asio::awaitable<void> Server::stop() {
    stopping_ = true;
    boost::system::error_code ignored;  // it may be closed already
    for (const Entrance& entrance : entrances_)
        entrance.door.acceptor.cancel(ignored);
    for_each_session([](Session& session) { session.stop(); });
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
    for_each_session([](Session& session) { session.cut(); });
    serving_.cancel_all();
}

void Server::for_each_session(const std::function<void(Session&)>& visit) {
    for (const Entrance& entrance : entrances_) {
        for (const auto& session : entrance.sessions)
            visit(*session);
    }
}

}  // namespace genspool::daemon
