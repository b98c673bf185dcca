#pragma once

#include <functional>
#include <optional>

#include "daemon/host_check.hpp"
#include "daemon/reply.hpp"
#include "daemon/request.hpp"
#include "daemon/sign_ins.hpp"
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

/// Stands before the API: every request must name this daemon, and bring a token or the cookie of a
/// browser that is signed in. The page where that is done is shown to everybody.
class TokenGuard : public Guard {
public:
    /// Whether a request opens what it asks for by its target alone.
    using Opens = std::function<bool(const Request& request)>;

    /// What is referred to outlives this.
    TokenGuard(HostCheck hosts, Tokens& tokens, SignIns& sign_ins, Opens opens = {})
        : hosts_(std::move(hosts)),
          tokens_(tokens),
          sign_ins_(sign_ins),
          opens_(std::move(opens)) {}

    std::optional<Reply> stop(Request& request) override;
    bool knows(const Request& request) override;

private:
    std::optional<Caller> caller_of(const Request& request);

    HostCheck hosts_;
    Tokens& tokens_;
    SignIns& sign_ins_;
    Opens opens_;  ///< empty: nothing does
};

}  // namespace genspool::daemon
