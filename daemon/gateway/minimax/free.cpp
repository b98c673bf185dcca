// Free calls that only the upstream can answer: sent to the account that they are meant for.
#include <boost/json.hpp>
#include <utility>

#include "daemon/gateway/minimax/desk.hpp"
#include "daemon/gateway/minimax/envelope.hpp"
#include "daemon/gateway/remote_call.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::daemon::gateway::minimax {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

/// A refusal of ours in the upstream's words; its own as it came.
Reply translated(Reply reply, std::string_view path) {
    if (reply.status == 200) return reply;
    boost::system::error_code error;
    const json::value value = json::parse(reply.body, error);
    if (error || !value.is_object())
        return refusal(Problem("internal", "the daemon's log says more"), path);
    const json::object& problem = value.get_object();
    const json::object* const upstream = proto::object_member(problem, "upstream");
    if (upstream != nullptr && upstream->contains("base_resp"))
        return Reply(200, json::serialize(*upstream));
    return refusal(
        Problem(proto::text_or_number(problem, "code"), proto::text_or_number(problem, "detail"),
                proto::text_or_number(problem, "field")),
        path);
}

asio::awaitable<Reply> ask(Api& api, Request& request, std::string method, std::string resource,
                           Query query) {
    const std::string path = request.arguments[0];
    const std::string* const named = request.parameter("account");
    std::string account = named != nullptr ? *named : std::string();
    std::optional<Problem> problem;
    if (account.empty()) account = only_account(api, provider, problem);
    if (problem) co_return refused(request, *problem);
    Reply reply = co_await ask_remote(api, request, std::move(account), std::move(method),
                                      std::move(resource), std::move(query));
    co_return translated(std::move(reply), path);
}

}  // namespace

asio::awaitable<Reply> get_voice(Api& api, Request& request) {
    ObjectRead body = co_await read_json(api, request);
    if (body.problem) co_return refused(request, *body.problem);
    Query query;
    std::string type = proto::text_or_number(body.object, "voice_type");
    if (!type.empty()) query.emplace_back("type", std::move(type));
    Reply reply = co_await ask(api, request, "GET", "voices", std::move(query));
    co_return reply;
}

asio::awaitable<Reply> delete_voice(Api& api, Request& request) {
    ObjectRead body = co_await read_json(api, request);
    if (body.problem) co_return refused(request, *body.problem);
    const std::string voice = proto::text_or_number(body.object, "voice_id");
    if (voice.empty())
        co_return refused(request, Problem("missing", "voice_id is required", "voice_id"));
    Query query;
    query.emplace_back("type", proto::text_or_number(body.object, "voice_type"));
    std::string resource = "voices/" + proto::encoded(voice);
    Reply reply = co_await ask(api, request, "DELETE", std::move(resource), std::move(query));
    co_return reply;
}

asio::awaitable<Reply> models(Api& api, Request& request) {
    Query none;
    Reply reply = co_await ask(api, request, "GET", "models", std::move(none));
    co_return reply;
}

asio::awaitable<Reply> plan(Api& api, Request& request) {
    Query none;
    Reply reply = co_await ask(api, request, "GET", "plan", std::move(none));
    co_return reply;
}

}  // namespace genspool::daemon::gateway::minimax
