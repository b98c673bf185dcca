#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace genspool::workers {

/// Where a call goes, taken from its URL.
struct HttpTarget {
    bool tls = false;
    std::string host;       ///< a name or a literal address without brackets, lower case
    std::string port;       ///< decimal; 80 or 443 where the URL has none
    std::string authority;  ///< the Host header: host, and the port where the URL has one
    std::string resource;   ///< path and query as in the request line

    /// What connections to the same server have in common.
    std::string server() const;
};

/// Reads an absolute http or https URL; nullopt if it is not one, has no host, or carries a user
/// name or a password.
std::optional<HttpTarget> parse_http_target(std::string_view url);

}  // namespace genspool::workers
