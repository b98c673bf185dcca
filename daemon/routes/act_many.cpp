#include "daemon/routes/act_many.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/filters.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/json_writer.hpp"
#include "workers/task_group.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

constexpr std::size_t page_jobs = 500;
constexpr std::uint64_t jobs_max = 50'000;  ///< in one request
constexpr std::size_t shown_max = 20;

struct Tally {
    std::uint64_t matched = 0;
    std::uint64_t done = 0;
    std::uint64_t already = 0;
    std::uint64_t refused = 0;
    std::vector<Problem> shown;  ///< the first of the refusals
};

asio::awaitable<void> act_on(Api& api, queue::Act act, proto::JobId id, Tally& tally) {
    queue::Command command = std::move(act);
    queue::Answer answer = co_await api.line.ask(std::move(command));
    if (answer.errc == queue::Errc::ok) {
        ++tally.done;
    } else if (answer.errc == queue::Errc::already) {
        ++tally.already;
    } else {
        ++tally.refused;
        if (tally.shown.size() >= shown_max) co_return;
        Problem problem = to_problem(answer);
        problem.job_id = id.text();
        tally.shown.push_back(std::move(problem));
    }
}

Reply counted(const Tally& tally, proto::JobSeq next) {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.count("matched", tally.matched);
    json.count("done", tally.done);
    json.count("already", tally.already);
    json.count("refused", tally.refused);
    json.begin_array("errors");
    for (const Problem& each : tally.shown) {
        json.begin_object();
        json.text("job_id", each.job_id);
        json.text("code", each.code);
        json.text("detail", each.detail);
        json.end_object();
    }
    json.end_array();
    write_next(json, next.value);
    json.end_object();
    return Reply(200, std::move(out));
}

struct Target {
    proto::JobSeq job;
    proto::JobId id;
};

/// So many at once that they share few commits.
asio::awaitable<void> act_on_some(Api& api, std::span<const Target> jobs, queue::Verb verb,
                                  queue::Actor actor, Tally& tally) {
    auto executor = co_await asio::this_coro::executor;
    std::exception_ptr failure;
    workers::TaskGroup group(
        executor, [&failure](std::string_view, const std::exception_ptr& e) { failure = e; });
    for (const Target& target : jobs) {
        queue::Act act;
        act.job = target.job;
        act.verb = verb;
        act.actor = actor;
        act.many = true;
        group.spawn("act", act_on(api, std::move(act), target.id, tally));
    }
    co_await group.join();
    if (failure) std::rethrow_exception(failure);
}

asio::awaitable<Reply> act_on_many(Api& api, Request& request, queue::Verb verb) {
    Query query(request);
    ReadFilter read = co_await read_filter(api, query);
    const proto::JobSeq before = read_cursor(query);
    const bool all = query.flag("all");
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    if (read.problem) co_return to_reply(*read.problem);
    if (!read.selects && !all)
        co_return to_reply(Problem("missing",
                                   "Say which jobs: by state, kind, op, batch, account "
                                   "or label, or all=true."));
    Reply reply =
        co_await act_on_selection(api, request.caller, verb, std::move(read.filter), before);
    co_return reply;
}

}  // namespace

asio::awaitable<Reply> act_on_selection(Api& api, Caller caller, queue::Verb verb,
                                        queue::Filter filter, proto::JobSeq before) {
    const queue::Actor actor{caller.principal, caller.admin};
    std::vector<Target> targets;
    do {
        queue::Page page;
        std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
            page = reader.list(filter, before, page_jobs);
        };
        co_await look(api.queue, std::move(errand));
        for (const queue::JobView& job : page.jobs)
            targets.push_back({job.record.seq, job.record.id});
        before = page.next;
    } while (before && targets.size() < jobs_max);
    // A job can be retried once those are that it comes after, which are older; and is best
    // canceled before they are.
    if (verb == queue::Verb::retry) std::ranges::reverse(targets);
    Tally tally;
    tally.matched = targets.size();
    for (std::size_t from = 0; from < targets.size(); from += page_jobs) {
        const auto some = std::span<const Target>(targets).subspan(
            from, std::min(page_jobs, targets.size() - from));
        co_await act_on_some(api, some, verb, actor, tally);
    }
    co_return counted(tally, before);
}

asio::awaitable<Reply> cancel_many(Api& api, Request& request) {
    Reply reply = co_await act_on_many(api, request, queue::Verb::cancel);
    co_return reply;
}

asio::awaitable<Reply> retry_many(Api& api, Request& request) {
    Reply reply = co_await act_on_many(api, request, queue::Verb::retry);
    co_return reply;
}

}  // namespace genspool::daemon::routes
