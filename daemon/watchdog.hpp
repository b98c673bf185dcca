#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>

#include "daemon/store_probe.hpp"
#include "proto/time.hpp"
#include "workers/clock.hpp"
#include "workers/task_group.hpp"

namespace genspool::daemon {

/// Feeds the service manager's watchdog at a steady pace, which shows that the event loop turns,
/// for as long as the store answers. It may take its time: a restart in the middle of a long write
/// stall would only begin it anew. One that has not answered for `patience` hangs, and the watchdog
/// goes hungry. Event-loop thread.
class Watchdog {
public:
    using Probe = std::function<boost::asio::awaitable<StoreHealth>()>;

    static constexpr proto::Duration patience = std::chrono::minutes{5};

    Watchdog(workers::Clock& clock, proto::Duration pace, Probe probe, std::function<void()> feed);

    /// Until the group is cancelled.
    void start(workers::TaskGroup& group);

private:
    boost::asio::awaitable<void> feed();
    boost::asio::awaitable<void> probe();

    workers::Clock& clock_;
    proto::Duration pace_;
    Probe probe_;
    std::function<void()> feed_;
    std::int64_t meals_max_;  ///< between two answers of the store
    std::int64_t meals_ = 0;  ///< since the last one
};

}  // namespace genspool::daemon
