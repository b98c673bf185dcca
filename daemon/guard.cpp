#include "daemon/guard.hpp"

#include <utility>

#include "daemon/dashboard.hpp"
#include "daemon/gateway/dialect.hpp"
#include "daemon/origin_check.hpp"
#include "daemon/problem.hpp"

namespace genspool::daemon {
namespace {

Reply unauthorized(bool with_token, std::string_view target) {
    // The same words whether there is no such token or it was taken away.
    std::string words = with_token ? "This token is not known here."
                                   : "Over TCP a request needs Authorization: Bearer TOKEN; "
                                     "`genspool token add` makes one.";
    if (gateway::is_link(target))
        words = "This link is wrong, or has run out; who asks for the file anew gets a fresh one.";
    Reply reply = gateway::told(Problem("unauthorized", std::move(words)), target);
    std::string challenge = "Bearer realm=\"genspool\"";
    if (with_token) challenge += ", error=\"invalid_token\"";
    reply.headers.emplace_back("WWW-Authenticate", std::move(challenge));
    return reply;
}

}  // namespace

std::optional<Reply> TokenGuard::stop(Request& request) {
    // Which of two would count is a matter of taste, and so of attacks.
    if (!request.repeated_field.empty())
        return gateway::told(Problem("malformed", "The header field " + request.repeated_field +
                                                      " stands there more than once."),
                             request.target);
    const std::string& host = request.field(Field::host);
    if (host.empty()) return to_reply(Problem("malformed", "The header field Host is missing."));
    if (!hosts_.allows(host)) return wrong_host();
    if (opens_ && opens_(request)) {
        request.caller = Caller{std::string(gateway::link_principal)};
        return std::nullopt;
    }
    auto caller = caller_of(request);
    const bool by_cookie = request.field(Field::authorization).empty();
    if (caller && (!by_cookie || may_use_cookie(request))) {
        request.caller = std::move(*caller);
        return std::nullopt;
    }
    // Whoever only looks at the page is a stranger yet: it is handed out at the door.
    if (auto page = dashboard::reply(request)) return page;
    if (caller) return cross_origin();
    // The page asks it before it asks for a token; that is no error of anybody's.
    if (by_cookie && request.method == "GET" && request.target == "/v1/session")
        return session_reply(Caller(), std::nullopt);
    return unauthorized(!bearer_token(request).empty(), request.target);
}

std::optional<Caller> TokenGuard::caller_of(const Request& request) {
    if (!request.field(Field::authorization).empty()) return tokens_.find(bearer_token(request));
    auto found = sign_ins_.find(request);
    if (!found) return std::nullopt;
    return std::move(found->caller);
}

bool TokenGuard::knows(const Request& request) {
    if (request.caller.principal == gateway::link_principal) return true;
    return caller_of(request).has_value();
}

}  // namespace genspool::daemon
