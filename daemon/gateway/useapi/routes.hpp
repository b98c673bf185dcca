#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/reply.hpp"
#include "daemon/request.hpp"

namespace genspool::daemon {
struct Api;
}

namespace genspool::daemon::gateway::useapi {

/// Answers a request to the upstream's own path, which is the request's only argument.
boost::asio::awaitable<Reply> answer(Api& api, Request& request);

}  // namespace genspool::daemon::gateway::useapi
