#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/reply.hpp"

namespace genspool::daemon {

/// Whether a request's Host field names this daemon. A web page whose name was made to point at
/// this machine (DNS rebinding) still sends its own name, and is told by it. Event-loop thread.
class HostCheck {
public:
    /// `names` beside literal addresses and localhost, which are always right: no name can be made
    /// to point at them. With `tls` (may be null; must outlive this) the names of its certificate.
    HostCheck(std::vector<std::string> names, boost::asio::ssl::context* tls);

    /// `field` as it was sent: "name", "name:port", "[address]:port".
    bool allows(std::string_view field) const;

private:
    std::vector<std::string> names_;  ///< in lower case
    boost::asio::ssl::context* tls_;
};

/// What is said to who asks for another host.
Reply wrong_host();

}  // namespace genspool::daemon
