#pragma once

#include "daemon/routes/routes.hpp"

namespace genspool::daemon::routes {

/// The API's description.
boost::asio::awaitable<Reply> openapi(Api& api, Request& request);

}  // namespace genspool::daemon::routes
