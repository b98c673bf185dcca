#pragma once

#include <cstdint>

#include "daemon/reply.hpp"
#include "daemon/request.hpp"

namespace genspool::daemon {

/// What a browser says of the page that made it send a request. Programs say nothing of the kind.
enum class FromPage : std::uint8_t {
    unsaid,
    own,  ///< a page of this daemon's, or what somebody typed
    elsewhere,
};

/// Judges by Sec-Fetch-Site, which a page cannot forge; where a browser does not send that, by the
/// host and port in Origin.
FromPage from_page(const Request& request);

/// Whether the request may count on what a browser adds to it by itself (a cookie, being on this
/// machine): false for one that a page of another origin caused, and for one that changes something
/// and does not say where it comes from.
bool may_use_cookie(const Request& request);

/// What is said to the page that may not.
Reply cross_origin();

}  // namespace genspool::daemon
