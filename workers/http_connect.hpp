#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "workers/http_deadline.hpp"
#include "workers/http_failure.hpp"
#include "workers/http_resolve.hpp"
#include "workers/http_stream.hpp"
#include "workers/http_target.hpp"

namespace genspool::workers {

/// Opens `stream` to the target: look-up, TCP to one address after the other, TLS where the target
/// wants it, all within the deadline's present phase. Not a byte of a request is sent. A failure
/// that comes of the deadline or of the caller's cancellation bears the step's own name; the caller
/// tells. Needs throw_if_cancelled off. The references must outlive the call.
boost::asio::awaitable<HttpFailure> connect_to(std::shared_ptr<HttpStream> stream,
                                               const HttpTarget& target, HttpDeadline& deadline,
                                               boost::asio::ssl::context& tls, HostRules rules);

}  // namespace genspool::workers
