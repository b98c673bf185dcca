#pragma once

#include <optional>

#include "daemon/host_check.hpp"
#include "daemon/reply.hpp"
#include "daemon/request.hpp"
#include "daemon/tokens.hpp"

namespace genspool::daemon {

/// Stands at a door where the kernel cannot say who asks. Event-loop thread only.
class Guard {
public:
    virtual ~Guard() = default;

    /// Fills in who asks; or says what to answer to somebody who is not let in.
    virtual std::optional<Reply> stop(Request& request) = 0;

    /// Whether what a request was let in by is still known.
    virtual bool knows(const Request& request) = 0;
};

/// Stands before the API: every request must name this daemon and bring a token.
class TokenGuard : public Guard {
public:
    TokenGuard(HostCheck hosts, Tokens tokens)
        : hosts_(std::move(hosts)), tokens_(std::move(tokens)) {}

    std::optional<Reply> stop(Request& request) override;
    bool knows(const Request& request) override;

private:
    HostCheck hosts_;
    Tokens tokens_;
};

}  // namespace genspool::daemon
