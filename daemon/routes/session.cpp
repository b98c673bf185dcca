#include <optional>
#include <string>
#include <utility>

#include "daemon/api.hpp"
#include "daemon/problem.hpp"
#include "daemon/query.hpp"
#include "daemon/routes/routes.hpp"
#include "daemon/sign_ins.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

asio::awaitable<Reply> show_session(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    std::optional<proto::Instant> expires;
    const bool by_cookie = request.field(Field::authorization).empty();
    if (api.sign_ins != nullptr && by_cookie) {
        if (const auto found = api.sign_ins->find(request)) expires = found->expires;
    }
    co_return session_reply(request.caller, expires);
}

asio::awaitable<Reply> sign_in(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    std::optional<std::string> cookie;
    if (api.sign_ins != nullptr)
        cookie = api.sign_ins->begin(bearer_token(request), request.field(Field::host));
    if (!cookie)
        co_return to_reply(Problem("unauthorized",
                                   "Whoever signs in brings a token: Authorization: Bearer TOKEN. "
                                   "On the unix socket there is no need to."));
    // The cookie counts in seconds.
    const auto expires = std::chrono::floor<std::chrono::seconds>(api.clock.now() + sign_in_life);
    Reply reply = session_reply(request.caller, expires);
    reply.headers.emplace_back("Set-Cookie", std::move(*cookie));
    co_return reply;
}

asio::awaitable<Reply> sign_out(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    Reply reply(204);
    if (api.sign_ins != nullptr)
        reply.headers.emplace_back("Set-Cookie", api.sign_ins->end(request));
    co_return reply;
}

}  // namespace genspool::daemon::routes
