#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <list>
#include <memory>

#include "daemon/listener.hpp"
#include "daemon/peer.hpp"
#include "daemon/session.hpp"
#include "workers/clock.hpp"
#include "workers/task_group.hpp"

namespace genspool::daemon {

struct ServerOptions {
    SessionLimits session;
    std::uint32_t connections_max = 1'024;
    AdminGroup admins;
    proto::Duration stop_patience{5'000};  ///< for requests that are being answered at a stop
};

/// Accepts connections and owns their sessions. Event-loop thread only.
class Server {
public:
    Server(const boost::asio::any_io_executor& executor, workers::Clock& clock, Listener& listener,
           ServerOptions options, Answering answering);

    void start();

    /// Accepts no more and ends idle connections; returns when the last reply is sent, or the
    /// patience is over. Streams must be ended by who feeds them.
    boost::asio::awaitable<void> stop();

    /// Ends a stop's patience: whoever is being served is cut off.
    void cut_short();

    std::size_t connections() const { return sessions_.size(); }

private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> sweep();
    boost::asio::awaitable<void> serve(Session::Socket socket);
    boost::asio::awaitable<void> cut_after(proto::Duration patience);
    void turn_away(Session::Socket& socket) const;

    workers::Clock& clock_;
    Listener& listener_;
    ServerOptions options_;
    Answering answering_;
    std::list<std::unique_ptr<Session>> sessions_;
    bool stopping_ = false;
    workers::TaskGroup loops_;
    workers::TaskGroup serving_;
};

}  // namespace genspool::daemon
