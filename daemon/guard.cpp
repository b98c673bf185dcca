#include "daemon/guard.hpp"

#include <algorithm>
#include <utility>

#include "daemon/gateway/dialect.hpp"
#include "daemon/problem.hpp"

namespace genspool::daemon {
namespace {

/// The token of "Bearer TOKEN"; empty where there is none.
std::string_view bearer_token(std::string_view field) {
    constexpr std::string_view scheme = "bearer ";
    if (field.size() <= scheme.size()) return {};
    for (std::size_t i = 0; i < scheme.size(); ++i) {
        const char c = field[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != scheme[i]) return {};
    }
    field.remove_prefix(scheme.size());
    field.remove_prefix(std::min(field.find_first_not_of(' '), field.size()));
    return field;
}

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
    if (!hosts_.allows(host))
        return to_reply(Problem("wrong_host",
                                "The Host field does not name this daemon; [http] hosts lists the "
                                "names it goes by."));
    if (opens_ && opens_(request)) {
        request.caller = Caller{std::string(gateway::link_principal)};
        return std::nullopt;
    }
    const std::string_view token = bearer_token(request.field(Field::authorization));
    if (token.empty()) return unauthorized(false, request.target);
    auto caller = tokens_.find(token);
    if (!caller) return unauthorized(true, request.target);
    request.caller = std::move(*caller);
    return std::nullopt;
}

bool TokenGuard::knows(const Request& request) {
    if (request.caller.principal == gateway::link_principal) return true;
    return tokens_.find(bearer_token(request.field(Field::authorization))).has_value();
}

}  // namespace genspool::daemon
