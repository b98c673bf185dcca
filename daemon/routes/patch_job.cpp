#include <utility>

#include "daemon/body.hpp"
#include "daemon/job_text.hpp"
#include "daemon/lookup.hpp"
#include "daemon/problem.hpp"
#include "daemon/query.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/job_fields.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

void read_priority(ObjectBody& body, queue::Patch& patch) {
    const json::value* const value = body.take("priority");
    if (value == nullptr) return;
    const std::int64_t* const number = value->if_int64();
    if (number == nullptr || *number < 0 || *number > 9) {
        body.refuse("priority", "priority must be a whole number from 0 (last) to 9 (first).");
    } else {
        patch.priority = static_cast<std::uint8_t>(*number);
    }
}

/// By the rules of a submission.
void read_labels(ObjectBody& body, queue::Patch& patch) {
    const json::value* const value = body.take("labels");
    if (value == nullptr) return;
    if (!value->is_object()) return body.refuse("labels", "labels must be an object of texts.");
    const json::object alone{{"labels", *value}};
    proto::JsonFields fields(alone);
    patch.labels = proto::read_labels(fields);
    if (fields.refused() && !body.problem) body.problem = to_problem(*fields.refused());
}

}  // namespace

asio::awaitable<Reply> patch_job(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    ObjectBody body = co_await read_object(request);
    queue::Patch patch;
    read_priority(body, patch);
    read_labels(body, patch);
    body.finish();
    if (!patch.priority && !patch.labels)
        body.refuse("", "Only priority and labels can be changed; name one of them.");
    if (body.problem) co_return to_reply(*body.problem);

    FoundJob found = co_await find_job(api, request.arguments[0], false);
    if (!found.job) co_return to_reply(*found.problem);
    const proto::JobSeq job = found.job->record.seq;
    patch.job = job;
    patch.actor = queue::Actor{request.caller.principal, request.caller.admin};
    queue::Command command = std::move(patch);
    queue::Answer answer = co_await api.line.ask(std::move(command));
    if (answer.errc != queue::Errc::ok && answer.errc != queue::Errc::already) {
        Problem problem = to_problem(answer);
        problem.job_id = found.job->record.id.text();
        co_return to_reply(problem);
    }
    FoundJob after = co_await find_job(api, job, true);
    if (!after.job) co_return to_reply(*after.problem);
    co_return Reply(200,
                    job_text(*after.job, after.explanation, api.artifact_root, api.clock.now()));
}

}  // namespace genspool::daemon::routes
