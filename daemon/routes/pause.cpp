#include "daemon/routes/pause.hpp"

#include <utility>

#include "daemon/body.hpp"
#include "daemon/query.hpp"
#include "proto/json_writer.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

constexpr std::size_t reason_bytes_max = 500;

std::string read_reason(ObjectBody& body, const Caller& caller) {
    const boost::json::value* const reason = body.take("reason");
    if (reason == nullptr) return "paused by " + caller.principal;
    if (!reason->is_string() || reason->get_string().size() > reason_bytes_max) {
        body.refuse("reason", "reason must be a text of at most 500 bytes.");
        return {};
    }
    return std::string(reason->get_string());
}

}  // namespace

asio::awaitable<Reply> pause(Api& api, Request& request, std::string account, bool paused) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    ObjectBody body = co_await read_object(request);
    queue::Pause pause;
    pause.account = account;
    pause.paused = paused;
    pause.reason = paused ? read_reason(body, request.caller) : std::string();
    body.finish();
    if (body.problem) co_return to_reply(*body.problem);
    if (!request.caller.admin)
        co_return to_reply(Problem("not_owner", "Only an admin may pause and resume."));
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    if (!account.empty()) json.text("account", account);
    json.flag("paused", paused);
    json.text_or_null("reason", pause.reason);
    json.end_object();

    queue::Command command = std::move(pause);
    queue::Answer answer = co_await api.line.ask(std::move(command));
    if (answer.errc != queue::Errc::ok && answer.errc != queue::Errc::already)
        co_return to_reply(to_problem(answer));
    co_return Reply(200, std::move(out));
}

}  // namespace genspool::daemon::routes
