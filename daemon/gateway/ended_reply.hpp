#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/api.hpp"
#include "daemon/gateway/answer_stream.hpp"
#include "daemon/reply.hpp"
#include "daemon/request.hpp"

/// Answers to orders that wait for their job's end. `make` tells of the job as it stands then.
namespace genspool::daemon::gateway {

/// Holds the request until then. What is refused is told as at the request's path.
boost::asio::awaitable<Reply> answer_when_ended(Api& api, const Request& request, Receipt receipt,
                                                EventAnswer::Make make);

/// Server-sent events that begin at once, with `first` where there is one.
Reply answer_as_events(Api& api, Receipt receipt, EventAnswer::Make make, std::string first = {});

}  // namespace genspool::daemon::gateway
