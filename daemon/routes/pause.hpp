#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "daemon/api.hpp"
#include "daemon/reply.hpp"
#include "daemon/request.hpp"

namespace genspool::daemon::routes {

/// Stops or starts submitting, at one account or everywhere (`account` empty). For admins.
boost::asio::awaitable<Reply> pause(Api& api, Request& request, std::string account, bool paused);

}  // namespace genspool::daemon::routes
