#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/reply.hpp"
#include "daemon/request.hpp"

namespace genspool::daemon {

struct Api;

/// Answers one request. The request lives until the reply is sent.
using Handler = boost::asio::awaitable<Reply> (*)(Api& api, Request& request);

/// One line of the API.
struct Route {
    std::string_view method;
    std::string_view pattern;  ///< "/v1/jobs/{}/cancel": each "{}" is one segment, "{*}" the rest
    Handler handler;
};

/// Every call that is built, on one page (routes.cpp).
std::span<const Route> all_routes();

/// Whether `path` fits `pattern`; then `arguments` holds what stood in the "{}" places, decoded,
/// and the rest as it was sent.
bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& arguments);

/// Decodes %XX; nullopt if it is no encoding, or hides a zero byte.
std::optional<std::string> percent_decoded(std::string_view text);

/// Cuts a request's target into path and query, and decodes the query into the request. nullopt:
/// it is not percent-encoded properly. The path lies in the request.
std::optional<std::string_view> read_target(Request& request);

/// Finds the route, decodes path and query, calls the handler.
boost::asio::awaitable<Reply> route(Api& api, Request& request);

}  // namespace genspool::daemon
