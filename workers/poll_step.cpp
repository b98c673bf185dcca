#include "workers/poll_step.hpp"

#include <algorithm>
#include <boost/algorithm/string/join.hpp>
#include <iterator>
#include <utility>

#include "queue/gone.hpp"
#include "queue/kill_point.hpp"
#include "workers/on_cpu.hpp"
#include "workers/poll_times.hpp"
#include "workers/submit_outcome.hpp"
#include "workers/upstream_call.hpp"
#include "workers/upstream_clock.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

/// JSON: what the one task has told, or an array of what each has.
std::string together(std::vector<std::string> results) {
    if (results.size() < 2) return results.empty() ? "" : std::move(results.front());
    return "[" + boost::algorithm::join(results, ",") + "]";
}

}  // namespace

asio::awaitable<void> PollStep::run() {
    codec_ = tools_.registry.codec(lease_.spec().op);
    const std::vector<proto::Task> tasks = lease_.record().tasks;
    for (const proto::Task& task : tasks) {
        // One of an earlier purchase may be open still, where a person adopted it once more.
        const bool ours = task.send == lease_.record().send;
        if (!ours || task.status != proto::Task::Status::open) continue;
        std::optional<proto::PollOutcome> outcome = co_await query(task);
        if (!outcome) {
            lease_.abandon();
            co_return;
        }
        if (const auto* running = std::get_if<proto::StillRunning>(&*outcome)) {
            const std::string state = running->upstream_state;
            std::optional<proto::TaskFailed> called_off = co_await cancel(task, state);
            if (called_off) outcome = std::move(*called_off);
        }
        note(task, std::move(*outcome));
    }
    queue::Report said = report();
    co_await lease_.finish(std::move(said));
}

/// nullopt: cut short by a stop.
asio::awaitable<std::optional<proto::PollOutcome>> PollStep::query(proto::Task task) {
    const proto::Provider* provider = tools_.registry.provider(lease_.spec().provider);
    if (!codec_ || !provider) {
        co_return local_trouble("op.unknown", "this version has no op " + lease_.spec().op);
    }
    // Whether it may be called off is a matter of moments, and a list takes longer.
    const bool canceling = lease_.record().state == proto::State::canceling;
    if (codec_->info().poll_many_max > 0 && !canceling) {
        const proto::JobSeq job = lease_.record().seq;
        ListPolls::Answer listed =
            co_await tools_.list_polls.ask(tools_, *provider, *codec_, task, job);
        if (listed.cut_short) co_return std::nullopt;
        shared_ = listed.outcome && !std::holds_alternative<proto::Refusal>(*listed.outcome);
        if (listed.outcome) co_return std::move(*listed.outcome);
    }
    const Account* account = tools_.accounts->find(task.account);
    if (!account) {
        co_return local_trouble("account_missing",
                                "account " + task.account + " is gone from the configuration");
    }
    HttpCall call = prepare(*provider, *account, task);
    HttpReply reply = co_await tools_.http.call(std::move(call));
    GENSPOOL_KILL_POINT("poll.answered");
    if (reply.error == HttpError::cancelled) co_return std::nullopt;
    if (reply.progress != HttpProgress::complete) co_return query_trouble(reply);
    const proto::Reply plain = to_reply(std::move(reply));
    co_await note_clock(tools_, task.account, clock_ahead(plain, tools_.clock.now()));
    const OnCpu busy(tools_.on_cpu, lease_.record().seq);
    co_return codec_->on_poll(task, plain);
}

/// Of a job that is being cancelled, where the upstream can call a task off. What goes wrong with
/// it is tried again with the next query.
asio::awaitable<std::optional<proto::TaskFailed>> PollStep::cancel(proto::Task task,
                                                                   std::string state) {
    if (lease_.record().state != proto::State::canceling) co_return std::nullopt;
    const Account* account = tools_.accounts->find(task.account);
    std::optional<proto::Call> wish = codec_->cancel(task, state);
    if (!wish || !account) co_return std::nullopt;
    const proto::Provider& provider = *tools_.registry.provider(lease_.spec().provider);
    HttpCall call = upstream_call(provider, *account, std::move(*wish));
    HttpReply reply = co_await tools_.http.call(std::move(call));
    if (reply.progress != HttpProgress::complete) co_return std::nullopt;
    const proto::Reply plain = to_reply(std::move(reply));
    const OnCpu busy(tools_.on_cpu, lease_.record().seq);
    co_return codec_->on_cancel(plain);
}

HttpCall PollStep::prepare(const proto::Provider& provider, const Account& account,
                           const proto::Task& task) const {
    const OnCpu busy(tools_.on_cpu, lease_.record().seq);
    return upstream_call(provider, account, codec_->poll(task));
}

void PollStep::note(const proto::Task& task, proto::PollOutcome outcome) {
    if (auto* running = std::get_if<proto::StillRunning>(&outcome)) {
        running_ = std::move(*running);
    } else if (auto* refusal = std::get_if<proto::Refusal>(&outcome)) {
        const bool gone = refusal->on_query == proto::OnQuery::gone;
        if (gone) note_lost(task, refusal->failure);
        (gone ? gone_ : refusal_) = std::move(*refusal);
    } else if (auto* failed = std::get_if<proto::TaskFailed>(&outcome)) {
        note_lost(task, failed->failure);
        failed_ = std::move(*failed);
    } else {
        auto& fresh = std::get<proto::TaskDone>(outcome);
        if (!done_) done_.emplace();
        done_->upstream_state = std::move(fresh.upstream_state);
        if (!fresh.result.empty()) results_.push_back(std::move(fresh.result));
        for (proto::Artifact& artifact : fresh.artifacts) {
            artifact.source.send = task.send;
            done_->artifacts.push_back(std::move(artifact));
        }
    }
}

/// What this task will not bring, should others of the same purchase bring something.
void PollStep::note_lost(const proto::Task& task, proto::Failure why) {
    proto::Artifact artifact;
    artifact.status = proto::Artifact::Status::lost;
    artifact.source.send = task.send;
    artifact.failure = std::move(why);
    // There is nothing that could be fetched once more.
    artifact.failure->retryable = false;
    lost_.push_back(std::move(artifact));
}

/// The job's outcome: as long as one task is open the job is. Tasks that brought something count
/// for more than others that did not.
queue::Report PollStep::report() {
    const proto::JobRecord& record = lease_.record();
    if (gone_ && !running_ && !refusal_) {
        const bool believed =
            queue::is_believed_gone(record.gone_count + 1, record.gone_since, tools_.clock.now());
        if (!done_ || !believed) refusal_ = std::move(gone_);
    }
    if (refusal_) {
        proto::Instant at = poll_at();
        if (refusal_->quarantine.until) at = std::max(at, *refusal_->quarantine.until);
        return queue::QueryRefused{std::move(*refusal_), at};
    }
    if (done_ && !running_) {
        std::ranges::move(lost_, std::back_inserter(done_->artifacts));
        return queue::Done{std::move(done_->artifacts), std::move(done_->upstream_state),
                           together(std::move(results_))};
    }
    if (failed_ && !running_) {
        return queue::Failed{std::move(failed_->failure), failed_->again, failed_->unbilled};
    }
    queue::Unchanged unchanged;
    unchanged.poll_at = poll_at();
    if (running_) {
        unchanged.upstream_state = std::move(running_->upstream_state);
        unchanged.permille = running_->permille;
    }
    return unchanged;
}

proto::Instant PollStep::poll_at() {
    const proto::JobRecord& record = lease_.record();
    const Account* account = tools_.accounts->find(record.account);
    PollRules rules;
    const proto::Instant now = tools_.clock.now();
    if (codec_) {
        rules = poll_rules(codec_->info(), lease_.times());
        rules.together = tools_.list_polls.tells(*codec_, record.account, now);
    }
    if (account) rules.bounds = account->poll;
    if (record.overdue || !account || !codec_) return next_slow_poll(rules, now, tools_.random);
    return next_poll(rules, record.sent_at, shared_, now, tools_.random);
}

}  // namespace genspool::workers
