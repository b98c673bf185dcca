#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/api.hpp"
#include "daemon/reply.hpp"
#include "daemon/request.hpp"
#include "queue/views.hpp"

namespace genspool::daemon::routes {

/// Does one thing with every job of a selection, newest first, up to a bound; the reply counts, and
/// its "next" goes on where the bound was met. Never buys again what succeeded.
boost::asio::awaitable<Reply> act_on_selection(Api& api, Caller caller, queue::Verb verb,
                                               queue::Filter filter, proto::JobSeq before);

}  // namespace genspool::daemon::routes
