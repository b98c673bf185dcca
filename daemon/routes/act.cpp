#include <algorithm>
#include <utility>

#include "daemon/body.hpp"
#include "daemon/job_text.hpp"
#include "daemon/lookup.hpp"
#include "daemon/query.hpp"
#include "daemon/routes/routes.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

/// Does it, and answers with the job as it is afterwards: 202 where a cancel has to wait for the
/// upstream.
asio::awaitable<Reply> act(Api& api, Request& request, queue::Act act) {
    FoundJob found = co_await find_job(api, request.arguments[0], false);
    if (!found.job) co_return to_reply(*found.problem);
    const proto::JobSeq job = found.job->record.seq;
    act.job = job;
    act.actor = queue::Actor{request.caller.principal, request.caller.admin};
    queue::Command command = std::move(act);
    queue::Answer answer = co_await api.line.ask(std::move(command));
    if (answer.errc != queue::Errc::ok && answer.errc != queue::Errc::already) {
        Problem problem = to_problem(answer);
        problem.job_id = found.job->record.id.text();
        co_return to_reply(problem);
    }
    FoundJob after = co_await find_job(api, job, true);
    if (!after.job) co_return to_reply(*after.problem);
    const proto::JobRecord& record = after.job->record;
    const bool waits = record.cancel_waits || record.state == proto::State::canceling;
    co_return Reply(waits ? 202 : 200,
                    job_text(*after.job, after.explanation, api.artifact_root, api.clock.now()));
}

/// "adopt": one task or several.
void read_tasks(ObjectBody& body, std::vector<std::string>& tasks) {
    const boost::json::value* const adopt = body.take("adopt");
    if (adopt == nullptr) return;
    if (adopt->is_string()) {
        tasks.emplace_back(adopt->get_string());
    } else if (adopt->is_array()) {
        for (const boost::json::value& task : adopt->get_array()) {
            if (task.is_string()) tasks.emplace_back(task.get_string());
        }
        if (tasks.size() != adopt->get_array().size()) tasks.clear();
    }
    const auto bad = [](const std::string& task) { return task.empty() || task.size() > 512; };
    if (tasks.empty() || tasks.size() > 64 || std::ranges::any_of(tasks, bad))
        body.refuse("adopt", "adopt must be the upstream's task id, or a list of them, as texts.");
}

}  // namespace

asio::awaitable<Reply> cancel_job(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    ObjectBody body = co_await read_object(request);
    body.finish();
    if (body.problem) co_return to_reply(*body.problem);
    queue::Act cancel;
    cancel.verb = queue::Verb::cancel;
    Reply reply = co_await act(api, request, std::move(cancel));
    co_return reply;
}

asio::awaitable<Reply> retry_job(Api& api, Request& request) {
    Query query(request);
    const bool again = query.flag("again");
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    ObjectBody body = co_await read_object(request);
    queue::Act retry;
    retry.verb = queue::Verb::retry;
    retry.again = body.take_flag("again") || again;
    body.finish();
    if (body.problem) co_return to_reply(*body.problem);
    Reply reply = co_await act(api, request, std::move(retry));
    co_return reply;
}

asio::awaitable<Reply> resolve_job(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    ObjectBody body = co_await read_object(request);
    queue::Act resolve;
    read_tasks(body, resolve.tasks);
    const bool absent = body.take_flag("absent");
    const bool lost = body.take_flag("lost");
    body.finish();
    if (int{absent} + int{lost} + int{!resolve.tasks.empty()} != 1)
        body.refuse("", R"(Say one of {"adopt":"TASK"}, {"absent":true} and {"lost":true}.)");
    if (body.problem) co_return to_reply(*body.problem);
    resolve.verb = absent ? queue::Verb::resolve_absent
                          : (lost ? queue::Verb::resolve_lost : queue::Verb::resolve_adopt);
    Reply reply = co_await act(api, request, std::move(resolve));
    co_return reply;
}

}  // namespace genspool::daemon::routes
