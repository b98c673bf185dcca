#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>

#include "queue/queue.hpp"

namespace genspool::daemon {

/// Hands the queue a command and waits for its answer. Cancelling the caller does not cut it short:
/// what was asked has happened or has not, and the answer says which. Event-loop thread.
boost::asio::awaitable<queue::Answer> ask(queue::Queue& queue, queue::Command command);

/// Runs `reading` on the queue's thread and waits for its end; it may refer to the caller's frame,
/// and must not throw. Cannot be cancelled. Name the closure before the statement that awaits.
boost::asio::awaitable<void> look(queue::Queue& queue,
                                  std::function<void(const queue::Reader&)> reading);

}  // namespace genspool::daemon
