#pragma once

#include <optional>

#include "daemon/host_check.hpp"
#include "daemon/reply.hpp"
#include "daemon/request.hpp"
#include "daemon/tokens.hpp"

namespace genspool::daemon {

/// Stands before the API where the kernel cannot say who asks: every request must name this daemon
/// and bring a token. Event-loop thread only.
class Guard {
public:
    Guard(HostCheck hosts, Tokens tokens) : hosts_(std::move(hosts)), tokens_(std::move(tokens)) {}

    /// Fills in who asks; or says what to answer to somebody who is not let in.
    std::optional<Reply> stop(Request& request);

    /// Whether the token of a request that was let in is still known.
    bool knows(const Request& request);

private:
    HostCheck hosts_;
    Tokens tokens_;
};

}  // namespace genspool::daemon
