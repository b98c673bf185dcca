#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "daemon/api.hpp"
#include "daemon/batch_intake.hpp"
#include "daemon/reply.hpp"
#include "daemon/request.hpp"

/// The two ways of handing in work; chosen by the body. Used by routes/submit.cpp only.
namespace genspool::daemon::routes {

/// `begun` is the body as far as it was read.
boost::asio::awaitable<Reply> submit_one(Api& api, Request& request, std::string begun,
                                         bool dry_run);

/// `lines`: one job a line; else a JSON array.
boost::asio::awaitable<Reply> submit_batch(Api& api, Request& request, std::string begun,
                                           bool lines, IntakeMode mode);

}  // namespace genspool::daemon::routes
