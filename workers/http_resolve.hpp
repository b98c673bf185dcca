#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <vector>

#include "workers/http_deadline.hpp"
#include "workers/http_failure.hpp"
#include "workers/http_target.hpp"

namespace genspool::workers {

struct ResolvedHost {
    HttpFailure failure;
    std::vector<boost::asio::ip::tcp::endpoint> endpoints;  ///< in the resolver's order
};

/// What is asked of a host before it is connected to; as in HttpCall.
struct HostRules {
    bool public_only = false;
    bool strangers = false;
};

/// The addresses of the target's host. A literal address costs no look-up. Ends with the deadline
/// or with the caller's cancellation, although the system's look-up itself cannot be cut short.
/// With `rules.public_only` other addresses are left out; none left is refused_host. Needs
/// throw_if_cancelled off. `deadline` must outlive the call.
boost::asio::awaitable<ResolvedHost> resolve_host(HttpTarget target, HttpDeadline& deadline,
                                                  HostRules rules);

}  // namespace genspool::workers
