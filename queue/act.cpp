#include <algorithm>

#include "proto/record.hpp"
#include "queue/dependency.hpp"
#include "queue/keys.hpp"
#include "queue/settle.hpp"
#include "queue/turn.hpp"

namespace genspool::queue {
namespace {

using proto::Artifact;
using proto::Event;
using proto::JobRecord;
using proto::State;
using proto::Task;

std::string in_state(const JobRecord& record) {
    return "the job is " + std::string(proto::to_string(record.state));
}

Answer cancel(Turn& turn, JobRecord& record) {
    const bool waits = record.cancel_waits && proto::lets_cancel_wait(record.state);
    if (waits || record.state == State::canceled || record.state == State::canceling)
        return changed(record, Errc::already);
    if (!apply(turn, record, Event::cancel, {"canceled by request"})) {
        return refused(Errc::not_allowed, in_state(record) + " and cannot be canceled any more");
    }
    return changed(record);
}

/// Could be fetched (again): it is of the last purchase, with a source that can still be asked.
bool fetchable(const JobRecord& record, const Artifact& artifact) {
    if (artifact.source.send != record.send) return false;
    if (artifact.status == Artifact::Status::home) return false;
    if (artifact.status != Artifact::Status::lost) return true;
    if (!artifact.failure || artifact.failure->failure == proto::FailureClass::rejected)
        return false;
    const bool gone = artifact.failure->code == "artifact.gone";
    return artifact.failure->retryable ||
           (artifact.source.from == proto::Source::From::handle && !gone);
}

bool task_may_live(const JobRecord& record) {
    // A task that is done, but whose artifacts were never listed, can be asked once more.
    return std::any_of(record.tasks.begin(), record.tasks.end(), [&](const Task& task) {
        return task.send == record.send &&
               (task.status == Task::Status::open ||
                (task.status == Task::Status::done && record.artifacts.empty()));
    });
}

Answer retry_fetch(Turn& turn, JobRecord& record) {
    for (Artifact& artifact : record.artifacts) {
        if (artifact.status == Artifact::Status::lost && fetchable(record, artifact)) {
            artifact.status = Artifact::Status::open;
        }
    }
    record.fetch_troubles = 0;
    record.crashes = 0;
    record.deadline.reset();
    if (!apply(turn, record, Event::retry_fetch, {"what is missing is fetched again"})) {
        return refused(Errc::not_allowed, in_state(record) + "; there is nothing to retry");
    }
    return changed(record);
}

Answer retry_task(Turn& turn, JobRecord& record) {
    for (Task& task : record.tasks) {
        const bool last = task.send == record.send;
        if (last && task.status == Task::Status::done) task.status = Task::Status::open;
    }
    record.gone_count = 0;
    record.crashes = 0;
    record.deadline.reset();
    if (!apply(turn, record, Event::retry_task, {"its task upstream is taken up again"})) {
        return refused(Errc::not_allowed, in_state(record) + "; there is nothing to retry");
    }
    return changed(record);
}

/// The upstream took the last send and did not call it failed: the money is gone for something.
bool was_bought(const JobRecord& record) {
    const bool artifacts =
        std::any_of(record.artifacts.begin(), record.artifacts.end(),
                    [&](const Artifact& artifact) { return artifact.source.send == record.send; });
    return artifacts || proto::was_answered(record) ||
           std::any_of(record.tasks.begin(), record.tasks.end(), [&](const Task& task) {
               return task.send == record.send && task.status != Task::Status::failed;
           });
}

std::string why_again(const JobRecord& record) {
    const bool unsure =
        proto::has_uncertain_send(record) || (record.state == State::held && record.reserved > 0);
    if (unsure) {
        return "an earlier submission may have been bought; retry with again=true buys it a second "
               "time";
    }
    if (record.state == State::succeeded) {
        return "the job has succeeded; retry with again=true buys it once more";
    }
    if (was_bought(record)) {
        if (record.artifacts.empty() && !record.result.empty())
            return "it was answered, and the answer is its result; retry with again=true buys it a "
                   "second time";
        return "it was bought, but cannot be brought home any more; retry with again=true buys it "
               "a second time";
    }
    return {};
}

Answer buy_again(Turn& turn, JobRecord& record, const Act& command) {
    if (command.many && record.state == State::succeeded) {
        return refused(Errc::not_allowed, "the job has succeeded");
    }
    const std::string why = why_again(record);
    if (!why.empty() && !command.again) return refused(Errc::needs_again, why);
    if (record.max_cost && cost_forbids(record)) {
        return refused(Errc::not_allowed, "another attempt would exceed the job's max_cost");
    }
    const Awaited waits = record.freed ? Awaited{} : awaited(turn, record.after);
    if (waits.outlook == Awaited::Outlook::bad) {
        return refused(Errc::not_allowed,
                       "it comes after a job that did not succeed: " + waits.job +
                           (waits.gone ? "; hand this one in anew" : "; retry that one first"));
    }
    const bool blocked = waits.outlook == Awaited::Outlook::open;
    if (!blocked && !record.freed) {
        const std::string missing = set_free(turn, record);
        if (!missing.empty())
            return refused(Errc::not_allowed,
                           missing + "; retry that one first, or hand this one in anew");
    }
    record.max_attempts = std::max(record.max_attempts, record.charged + 1);
    record.deadline.reset();
    record.ready_at = turn.now;
    record.backoffs = 0;
    record.crashes = 0;
    if (!apply(turn, record, blocked ? Event::retry_blocked : Event::retry,
               {"retried by request"})) {
        return refused(Errc::not_allowed, in_state(record) + "; there is nothing to retry");
    }
    return changed(record);
}

/// Resumes what was bought; buys only where nothing is left of it.
Answer retry(Turn& turn, JobRecord& record, const Act& command) {
    if (!proto::is_terminal(record.state) && record.state != State::held) {
        return refused(Errc::not_allowed,
                       in_state(record) + "; only what has ended can be retried");
    }
    const bool something =
        std::any_of(record.artifacts.begin(), record.artifacts.end(),
                    [&](const Artifact& artifact) { return fetchable(record, artifact); });
    if (something) return retry_fetch(turn, record);
    if (record.state != State::succeeded && task_may_live(record)) return retry_task(turn, record);
    return buy_again(turn, record, command);
}

/// The upstream is known to have taken this send: it cannot be absent.
bool was_taken(const JobRecord& record) {
    return proto::was_answered(record) ||
           std::any_of(record.tasks.begin(), record.tasks.end(),
                       [&](const Task& task) { return task.send == record.send; }) ||
           std::any_of(
               record.artifacts.begin(), record.artifacts.end(),
               [&](const Artifact& artifact) { return artifact.source.send == record.send; });
}

/// Its last send was taken for one that bought nothing.
bool sent_and_released(Turn& turn, const JobRecord& record) {
    const auto row = turn.plan.row<LedgerRow>(keys::ledger(record.seq, record.send));
    return row && row->status == LedgerRow::Status::released;
}

Answer adopt(Turn& turn, JobRecord& record, const Act& command) {
    if (command.tasks.empty()) return refused(Errc::bad_task, "name the task to adopt");
    if (record.state == State::succeeded) {
        return refused(Errc::not_allowed, "the job has succeeded; there is nothing to resolve");
    }
    if (record.send == 0) {
        return refused(Errc::bad_task, "the job was never submitted, so no task can be its own");
    }
    if (!proto::next(record.state, Event::adopted, record.cancel_waits)) {
        return refused(Errc::not_allowed, in_state(record) + "; no task can be adopted");
    }
    const QueueOptions::Op& op = op_of(turn, record);
    if (!op.has_tasks) {
        return refused(Errc::bad_task,
                       op.name + " answers at once and has no task; say absent or lost");
    }
    // A wrong one beside the right one would be waited for, and told as lost.
    const auto other = [&](const std::string& task) { return task != command.tasks.front(); };
    if (!op.several_tasks && std::any_of(command.tasks.begin(), command.tasks.end(), other)) {
        return refused(Errc::bad_task,
                       op.name + " makes one task of a purchase; name the right one alone");
    }
    const bool was_undone = !was_taken(record) && sent_and_released(turn, record);
    if (!adopt_tasks(turn, record, command.tasks)) {
        return refused(Errc::bad_task, "this task belongs to another job");
    }
    if (was_undone) {
        ++record.charged;
        record.max_attempts = std::max(record.max_attempts, record.charged);
    }
    apply(turn, record, Event::adopted, {"task adopted by " + command.actor.principal});
    if (record.state == State::running) record.failure.reset();
    return changed(record);
}

Answer nothing_to_resolve(const JobRecord& record) {
    return refused(Errc::not_allowed, in_state(record) + "; there is nothing to resolve");
}

Answer never_sent() {
    return refused(Errc::not_allowed,
                   "nothing of it was sent, so nothing is to resolve; retry or cancel it");
}

Answer declare_absent(Turn& turn, JobRecord& record, const Actor& actor) {
    if (!proto::next(record.state, Event::proven_absent, record.cancel_waits)) {
        return nothing_to_resolve(record);
    }
    if (record.unsent) return never_sent();
    if (was_taken(record)) {
        return refused(Errc::not_allowed,
                       "the upstream has taken this submission; it can be lost, but not absent");
    }
    record.ready_at = turn.now;
    apply(turn, record, Event::proven_absent, {"declared absent by " + actor.principal});
    return changed(record);
}

Answer declare_lost(Turn& turn, JobRecord& record, const Actor& actor) {
    if (!proto::next(record.state, Event::declared_lost, record.cancel_waits)) {
        return nothing_to_resolve(record);
    }
    if (record.unsent) return never_sent();
    const std::string detail = "declared lost by " + actor.principal;
    record.failure = proto::Failure{proto::FailureClass::unknown, "lost", detail, false, false, {}};
    apply(turn, record, Event::declared_lost, {detail});
    return changed(record);
}

bool may_act(const JobRecord& record, const Actor& actor) {
    return actor.admin || actor.principal == record.principal;
}

}  // namespace

Answer handle(Turn& turn, const Act& command) {
    JobRecord* record = turn.plan.record(command.job);
    if (record == nullptr || !turn.memory.visible(record->batch)) {
        return refused(Errc::not_found, "there is no such job");
    }
    if (!may_act(*record, command.actor)) {
        return refused(Errc::not_owner, "the job belongs to " + record->principal);
    }
    switch (command.verb) {
        case Verb::cancel:
            return cancel(turn, *record);
        case Verb::retry:
            return retry(turn, *record, command);
        case Verb::resolve_adopt:
            return adopt(turn, *record, command);
        case Verb::resolve_absent:
            return declare_absent(turn, *record, command.actor);
        case Verb::resolve_lost:
            return declare_lost(turn, *record, command.actor);
    }
    return refused(Errc::not_allowed, "no such verb");
}

Answer handle(Turn& turn, const Patch& command) {
    JobRecord* record = turn.plan.record(command.job);
    if (record == nullptr || !turn.memory.visible(record->batch)) {
        return refused(Errc::not_found, "there is no such job");
    }
    if (!may_act(*record, command.actor)) {
        return refused(Errc::not_owner, "the job belongs to " + record->principal);
    }
    if (command.labels) {
        const std::string key = keys::spec(record->seq);
        auto spec = proto::decode_spec(turn.plan.get(key).value_or(std::string()));
        if (!spec) throw StoreFailed("a corrupt request");
        spec->labels = *command.labels;
        turn.plan.put(key, proto::encode(*spec));
    }
    if (command.priority && *command.priority != record->priority) {
        record->priority = *command.priority;
        turn.plan.put(keys::state(record->state, record->seq), encode(index_row(*record)));
        if (record->state == State::queued) place(turn, *record, {});
    }
    record->updated_at = turn.now;
    turn.plan.touched(record->seq);
    return changed(*record);
}

Answer handle(Turn& turn, const AnswerHad& command) {
    JobRecord* record = turn.plan.record(command.job);
    if (record == nullptr) return refused(Errc::not_found, "there is no such job");
    if (record->order.empty()) return changed(*record, Errc::already);
    turn.plan.del(keys::order(record->order, record->seq));
    record->order.clear();
    turn.plan.touched(record->seq);
    return changed(*record);
}

}  // namespace genspool::queue
