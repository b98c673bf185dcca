#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/door.hpp"
#include "daemon/peer.hpp"
#include "daemon/session.hpp"
#include "workers/clock.hpp"
#include "workers/task_group.hpp"

namespace genspool::daemon {

struct ServerOptions {
    SessionLimits session;
    std::uint32_t connections_max = 1'024;  ///< at each door: one cannot lock the other
    /// What clients may make the daemon hold, all together; who holds no more than `small` is safe.
    std::uint64_t held_bytes_max = 128U << 20U;
    std::uint64_t small_bytes = 64U << 10U;
    AdminGroup admins;
    proto::Duration stop_patience{5'000};  ///< for requests that are being answered at a stop
};

/// Accepts connections and owns their sessions. Where there are too many, or too much is held for
/// them, some have to go (crowd.hpp). Event-loop thread only.
class Server : private SessionHost {
public:
    Server(const boost::asio::any_io_executor& executor, workers::Clock& clock,
           const std::vector<Door>& doors, ServerOptions options, Answering answering);

    void start();

    /// Accepts no more and ends idle connections; returns when the last reply is sent, or the
    /// patience is over. Streams must be ended by who feeds them.
    boost::asio::awaitable<void> stop();

    /// Ends a stop's patience: whoever is being served is cut off.
    void cut_short();

private:
    using Sessions = std::list<std::unique_ptr<Session>>;

    /// A door and who came in by it.
    struct Entrance {
        explicit Entrance(const Door& d) : door(d) {}

        Door door;
        Sessions sessions;
    };

    boost::asio::awaitable<void> accept(Entrance& entrance);
    boost::asio::awaitable<void> sweep();
    void let_in(Connection::Socket socket, Entrance& entrance);
    boost::asio::awaitable<void> serve(Connection::Socket socket, Caller caller,
                                       Entrance& entrance);
    boost::asio::awaitable<void> cut_after(proto::Duration patience);
    std::optional<Caller> caller_of(Connection::Socket& socket, const Door& door) const;
    void for_each_session(const std::function<void(Session&)>& visit);
    void holds_more(std::uint64_t bytes) override;
    void holds_less(std::uint64_t bytes) override { held_bytes_ -= bytes; }
    bool has_room_for(const Session& session) override;
    static bool make_room(Entrance& entrance, std::string_view newcomer, const Session* itself,
                          std::uint32_t connections_max);

    workers::Clock& clock_;
    ServerOptions options_;
    Answering answering_;
    std::uint64_t held_bytes_ = 0;  ///< outlives the sessions
    std::list<Entrance> entrances_;
    bool stopping_ = false;
    workers::TaskGroup loops_;
    workers::TaskGroup serving_;
};

}  // namespace genspool::daemon
