#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace genspool::tests {

/// Runs `task` on `io` until the loop has nothing left to do, and rethrows what the task threw.
void run(boost::asio::io_context& io, boost::asio::awaitable<void> task);

}  // namespace genspool::tests
