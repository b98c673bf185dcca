#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/reply.hpp"
#include "daemon/request.hpp"
#include "daemon/tokens.hpp"
#include "proto/time.hpp"
#include "workers/clock.hpp"

namespace genspool::daemon {

/// How long a browser stays signed in.
inline constexpr proto::Duration sign_in_life = std::chrono::hours{12};

/// Browsers that are signed in: whoever has shown a token gets a cookie that stands for it, for
/// what cannot send a header of its own (a video, an event stream). The cookie names the token and
/// is signed with a secret and the token's hash, so that it survives a restart, is worth nothing
/// once the token is taken away or replaced, and does not tell the token. Event-loop thread only.
class SignIns {
public:
    /// `secure`: browsers send the cookies over TLS only. What is referred to outlives this.
    SignIns(std::string secret, bool secure, Tokens& tokens, const workers::Clock& clock);

    /// What Set-Cookie says to the browser that brings the token; nullopt: it is nobody's. `host`
    /// is the request's Host field.
    std::optional<std::string> begin(std::string_view token, std::string_view host);

    /// Who is signed in by the request's cookie, and until when.
    struct SignIn {
        Caller caller;
        proto::Instant expires{};
    };
    std::optional<SignIn> find(const Request& request);

    /// The request's cookie is worth nothing from now on. What Set-Cookie says to the browser.
    std::string end(const Request& request);

private:
    struct Read {
        std::string text;  ///< the cookie's value, whole
        SignIn sign_in;
    };
    std::optional<Read> read(const Request& request);
    std::string cookie_name(std::string_view host) const;
    std::string set_cookie(std::string_view host, std::string_view value,
                           proto::Duration life) const;
    std::string signature_of(std::string_view text, const proto::TokenEntry& token) const;
    void forget_expired();

    std::string secret_;
    bool secure_;
    Tokens& tokens_;
    const workers::Clock& clock_;
    std::map<std::string, proto::Instant> ended_;  ///< by the cookie, until it expires anyway
};

/// Says who asks, and until when his cookie is good; a caller without a name is nobody.
Reply session_reply(const Caller& caller, std::optional<proto::Instant> expires);

/// The token of "Bearer TOKEN"; empty where there is none.
std::string_view bearer_token(const Request& request);

}  // namespace genspool::daemon
