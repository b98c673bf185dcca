#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "workers/http.hpp"
#include "workers/http_deadline.hpp"
#include "workers/http_stream.hpp"
#include "workers/http_target.hpp"

namespace genspool::workers {

/// Plays the call's session over an open connection, from its handshake to the upstream's last
/// word; the connection is of no use afterwards. Pings are answered on the way. Needs
/// throw_if_cancelled off; throws only what the sink and the session throw. What it refers to must
/// outlive it.
boost::asio::awaitable<HttpReply> run_session(std::shared_ptr<HttpStream> stream,
                                              HttpDeadline& deadline, const HttpCall& call,
                                              const HttpTarget& target, std::string user_agent);

}  // namespace genspool::workers
