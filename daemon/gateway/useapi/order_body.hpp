#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/gateway/intake.hpp"

namespace genspool::daemon::gateway::useapi {

/// The body of a paid call, JSON or multipart/form-data, as an object. Files of a form are kept,
/// and stand in it as references, in a list under the name of their part.
boost::asio::awaitable<ObjectRead> read_order(Api& api, Request& request);

}  // namespace genspool::daemon::gateway::useapi
