#pragma once

#include <boost/asio/awaitable.hpp>

#include "workers/lease.hpp"
#include "workers/tools.hpp"

namespace genspool::workers {

/// Does one step, whatever its kind, and sees to it that the queue hears how it ended: also of what
/// a step throws, and of one that ends without a word. Both must outlive it. Event-loop thread
/// only; throws nothing.
boost::asio::awaitable<void> run_step(Tools& tools, Lease& lease);

}  // namespace genspool::workers
