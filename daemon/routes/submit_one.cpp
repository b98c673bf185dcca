#include <functional>
#include <utility>

#include "daemon/body.hpp"
#include "daemon/job_text.hpp"
#include "daemon/lookup.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/submit.hpp"
#include "proto/json_writer.hpp"
#include "proto/trace_context.hpp"
#include "queue/kill_point.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

/// What a dry run answers: what would be done and what it would cost.
Reply estimate(const proto::JobSpec& spec) {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.flag("dry_run", true);
    json.text("kind", proto::to_string(spec.kind));
    json.text("provider", spec.provider);
    json.text("op", spec.op);
    json.text_or_null("model", spec.model);
    json.text_or_null("account", spec.account);
    json.begin_object("cost");
    json.money("estimated", spec.quote ? std::optional(spec.quote->amount) : std::nullopt);
    json.text_or_null("unit", spec.quote ? proto::to_string(spec.quote->unit) : "");
    json.end_object();
    json.begin_array("gates");
    if (spec.max_cost && !spec.quote) json.raw_element(gate_text(queue::price_unknown()));
    json.end_array();
    json.end_object();
    return Reply(200, std::move(out));
}

Reply refused(Problem problem) {
    problem.billed = false;
    return to_reply(problem);
}

Reply shown(int status, const proto::JobId& id, std::string text) {
    Reply reply(status, std::move(text));
    reply.headers.emplace_back("Location", "/v1/jobs/" + id.text());
    return reply;
}

}  // namespace

asio::awaitable<Reply> submit_one(Api& api, Request& request, std::string begun, bool dry_run) {
    const std::uint64_t bytes_max = api.config.limits.line_bytes_max;
    WholeBody body = co_await read_body(request, std::move(begun), bytes_max);
    if (body.problem) co_return refused(std::move(*body.problem));
    auto job = api.admission.job(body.bytes, request.caller.principal,
                                 request.field(Field::idempotency_key), api.clock.now());
    if (!job) co_return refused(to_problem(job.error()));
    job->spec.traceparent = proto::read_traceparent(request.field(Field::traceparent));
    const bool bound = proto::binds(job->names);
    if (dry_run) {
        proto::Result<queue::BoundTo> account = queue::BoundTo{job->spec.account};
        std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
            account = reader.bound_account(*job);
        };
        if (bound) co_await look(api.queue, std::move(errand));
        if (!account) co_return refused(to_problem(account.error()));
        job->spec.account = std::move(account->account);
        co_return estimate(job->spec);
    }

    proto::JobSpec spec = job->spec;
    const bool settled_there = bound || !job->after.empty() || !job->inputs.empty();
    queue::Admit admit;
    admit.job = std::move(*job);
    queue::Command command = std::move(admit);
    queue::Answer answer = co_await api.line.ask(std::move(command));
    const auto* const admitted = std::get_if<queue::Admitted>(&answer.body);
    GENSPOOL_KILL_POINT("intake.admitted");
    if (answer.errc == queue::Errc::ok && admitted != nullptr) {
        // Whose ids the names in `after` and the references stand for is the queue's to say, and
        // which account has what the request names.
        FoundJob found;
        if (settled_there) found = co_await find_job(api, admitted->id.seq(), false);
        const queue::JobView fresh =
            found.job ? std::move(*found.job) : fresh_job(*admitted, std::move(spec));
        co_return shown(201, admitted->id,
                        job_text(fresh, std::nullopt, api.artifact_root, api.clock.now()));
    }
    if (answer.errc != queue::Errc::already || admitted == nullptr) {
        co_return refused(to_problem(answer));
    }
    // The first job of this key. It may be gone: then its id is all there is to tell.
    FoundJob first = co_await find_job(api, admitted->id.seq(), false);
    if (first.job)
        co_return shown(200, admitted->id,
                        job_text(*first.job, std::nullopt, api.artifact_root, api.clock.now()));
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("id", admitted->id.text());
    json.flag("purged", true);
    json.end_object();
    co_return shown(200, admitted->id, std::move(out));
}

}  // namespace genspool::daemon::routes
