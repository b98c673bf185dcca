#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "queue/queue.hpp"
#include "workers/queue_line.hpp"

namespace genspool::daemon {

enum class StoreHealth : std::uint8_t {
    writable,
    full,    ///< the disk is: what room is left is for what was bought, and nothing was written
    broken,  ///< it answers that it cannot be written
};

/// Looks at the store by a real, synced write that changes nothing, on the queue's own thread.
/// Returns when it has answered, however long that takes; cancelling does not cut it short. (A
/// write that fails ends the process.) Event-loop thread.
boost::asio::awaitable<StoreHealth> probe_store(queue::Queue& queue, workers::QueueLine& line);

}  // namespace genspool::daemon
