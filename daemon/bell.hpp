#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "workers/clock.hpp"

namespace genspool::daemon {

/// Wakes one loop that has nothing to do. Rung while nobody waits, it stays rung until somebody
/// does. Event-loop thread only.
class Bell {
public:
    explicit Bell(const boost::asio::any_io_executor& executor);

    void ring();

    /// Returns when the bell was rung, and silences it; or when the waiting coroutine is cancelled.
    boost::asio::awaitable<void> wait();

    /// The same, or when `due` has come by `clock`.
    boost::asio::awaitable<void> wait_until(workers::Clock& clock, proto::Instant due);

private:
    boost::asio::steady_timer timer_;  ///< never expires; cancelled to wake who waits
    bool rung_ = false;
};

/// Whether the calling coroutine was asked to end.
boost::asio::awaitable<bool> is_cancelled();

}  // namespace genspool::daemon
