#include "queue/completions.hpp"
#include "queue/fetch_patience.hpp"
#include "queue/gone.hpp"
#include "queue/hints.hpp"
#include "queue/keys.hpp"
#include "queue/money.hpp"
#include "queue/quarantine.hpp"
#include "queue/report_fits.hpp"
#include "queue/search.hpp"
#include "queue/settle.hpp"
#include "queue/things.hpp"
#include "queue/turn.hpp"
#include "queue/uploads.hpp"

namespace genspool::queue {
namespace {

using proto::Artifact;
using proto::Event;
using proto::FailureClass;
using proto::JobRecord;
using proto::State;

/// A submission put back without any fault of the job's is tried again after this.
constexpr proto::Duration put_back_pause{1'000};
/// A refusal that another try might undo is believed when it came so often in a row.
constexpr std::uint32_t refusals_believed = 12;

void close_tasks(JobRecord& record, proto::Task::Status status) {
    for (proto::Task& task : record.tasks) {
        if (task.status == proto::Task::Status::open) task.status = status;
    }
}

/// What of this send is on record already, as a task that was taken up again names it once more.
Artifact* known(JobRecord& record, const Artifact& artifact, std::size_t count) {
    for (std::size_t n = 0; n < count && !artifact.source.value.empty(); ++n) {
        const proto::Source& source = record.artifacts[n].source;
        const bool same = source.send == record.send && source.from == artifact.source.from &&
                          source.value == artifact.source.value &&
                          source.member == artifact.source.member;
        if (same) return &record.artifacts[n];
    }
    return nullptr;
}

void take_over(JobRecord& record, const std::vector<Artifact>& artifacts) {
    const std::size_t before = record.artifacts.size();
    for (Artifact artifact : artifacts) {
        if (Artifact* const again = known(record, artifact, before)) {
            if (again->status == Artifact::Status::lost) again->status = Artifact::Status::open;
            continue;
        }
        artifact.source.send = record.send;
        record.artifacts.push_back(std::move(artifact));
    }
}

void keep_result(JobRecord& record, const std::string& result) {
    record.result = result;
    record.result_send = record.send;
}

/// What a worker reports while the paid request, or the preparation of it, are under way.
struct WhileSubmitting {
    Turn& turn;
    JobRecord& record;

    void operator()(const Prepared& report) const {
        const std::string closed = closed_meanwhile();
        if (record.deadline && *record.deadline <= turn.now) {
            fail_late(turn, record);
        } else if (closed.empty()) {
            record.listed_as = report.listed_as;
            apply(turn, record, Event::prepared);
        } else {
            record.ready_at = turn.now;
            apply(turn, record, Event::put_back, {closed});
        }
    }

    void operator()(const PutBack& report) const {
        const bool sent = record.state == State::submitting;
        record.ready_at = turn.now + (sent ? put_back_pause : proto::Duration(0));
        apply(turn, record, sent ? Event::not_created : Event::put_back, {report.reason});
    }

    void operator()(const TakenUp& report) const {
        if (!adopt_tasks(turn, record, report.tasks)) {
            mark_ambiguous(turn, record,
                           "the upstream answered with a task that belongs to another job");
            return;
        }
        welcome();
        apply(turn, record, Event::taken, {{}, report.poll_at});
        heed_early_hints(turn, record, report.tasks);
        turn.memory.flights.saw(record.seq, {turn.now, std::nullopt});
    }

    void operator()(const DeliveredAtOnce& report) const {
        welcome();
        keep_result(record, report.result);
        if (report.made) note_made(turn, record, *report.made);
        take_over(record, report.artifacts);
        if (report.artifacts.empty()) {
            apply(turn, record, Event::answered);
            return;
        }
        apply(turn, record, Event::delivered);
        if (record.state == State::fetching) finish_fetching(turn, record);
    }

    void operator()(const Refused& report) const {
        const proto::Refusal& refusal = report.refusal;
        const bool repeated = record.failure && record.failure->code == refusal.failure.code;
        record.failure = refusal.failure;
        // What is refused again and again may be so for its own sake: others need not wait for it.
        const bool own = repeated && refusal.failure.failure == FailureClass::rejected;
        if (refusal.quarantine.scope != proto::Scope::none && !own) {
            turn.memory.capacity.quarantine(record.account, refusal.quarantine,
                                            demand_of(turn.memory, record), turn.now);
            keep_account(turn, record.account);
        }
        if (record.state == State::submitting)
            turn.memory.capacity.throttle(record.account, refusal, demand_of(turn.memory, record),
                                          record.sent_at, turn.now);
        switch (refusal.on_create) {
            case proto::OnCreate::not_created:
                return not_created(refusal, repeated);
            case proto::OnCreate::ambiguous:
                return mark_ambiguous(turn, record, refusal.failure.message);
            case proto::OnCreate::taken_failed: {
                Cause cause{refusal.failure.message};
                cause.billed = refusal.failure.billed;
                forget_uploads(turn, record);
                apply(turn, record, Event::taken_failed, cause);
                return;
            }
        }
    }

    void operator()(const Ambiguous& report) const {
        record.failure =
            proto::Failure{FailureClass::unknown, "unknown", report.reason, false, false, {}};
        mark_ambiguous(turn, record, report.reason);
    }

    template <class Other>
    void operator()(const Other&) const {}

private:
    /// Why it may not be bought now, though it could when it was claimed.
    std::string closed_meanwhile() const {
        if (!submitting_allowed(turn.memory, turn.now)) return "nothing is bought just now";
        const Demand demand = demand_of(turn.memory, record);
        const Capacity& capacity = turn.memory.capacity;
        auto gate = capacity.withdrawn(record.account, demand, turn.now);
        // Others may have been claimed meanwhile who were judged by the same sums.
        if (!gate)
            gate = capacity.budgets().gate(*capacity.find(record.account), demand.cost, turn.now);
        if (!gate) gate = batch_budget_gate(turn, record);
        return gate ? gate->detail : std::string();
    }

    void welcome() const {
        record.backoffs = 0;
        record.failure.reset();
        const Demand demand = demand_of(turn.memory, record);
        for (const std::string& name :
             turn.memory.capacity.clear_delays(record.account, demand, record.sent_at))
            keep_account(turn, name);
    }

    /// Whether the job is sent once more though it was refused: the account might have had too much
    /// just then. It lets others pass, or it would be all that is tried.
    bool tries_again(const proto::Failure& failure, bool repeated) const {
        if (!failure.retryable || record.state != State::submitting) return false;
        if (!repeated) record.backoffs = 0;
        back_off(turn, record);
        return record.backoffs < refusals_believed;
    }

    void not_created(const proto::Refusal& refusal, bool repeated) const {
        const FailureClass failure = refusal.failure.failure;
        const bool preparing = record.state == State::preparing;
        const bool again =
            failure == FailureClass::rejected && tries_again(refusal.failure, repeated);
        if (!again && (failure == FailureClass::rejected || failure == FailureClass::expired)) {
            if (!preparing) forget_uploads(turn, record);
            apply(turn, record, preparing ? Event::input_refused : Event::rejected,
                  {refusal.failure.message});
            return;
        }
        // Where the account's gate closes, the job waits at it, or goes elsewhere at once.
        if (!again && refusal.quarantine.scope == proto::Scope::none) {
            back_off(turn, record);
        } else if (!again) {
            record.ready_at = turn.now;
        }
        apply(turn, record, preparing ? Event::prepare_failed : Event::not_created,
              {refusal.failure.message});
    }
};

/// What a worker reports of a search for a send that may have been taken.
struct WhileSought {
    Turn& turn;
    JobRecord& record;

    void operator()(const Searched& report) const { search_ended(turn, record, report); }
    void operator()(const Unchanged& report) const { search_failed(turn, record, report.poll_at); }
    template <class Other>
    void operator()(const Other&) const {}
};

/// What a worker reports of a task that the upstream works on.
struct WhileRunning {
    Turn& turn;
    JobRecord& record;

    void operator()(const Unchanged& report) const {
        if (record.upstream_state != report.upstream_state || record.gone_count != 0) {
            record.upstream_state = report.upstream_state;
            record.gone_count = 0;
            turn.plan.touched(record.seq);
        }
        ask_again(report.poll_at);
        turn.memory.flights.saw(record.seq, {turn.now, report.permille});
    }

    void operator()(const Done& report) const {
        learn_completion(turn, record);
        record.upstream_state = report.upstream_state;
        close_tasks(record, proto::Task::Status::done);
        take_over(record, report.artifacts);
        keep_result(record, report.result);
        apply(turn, record, Event::task_done);
        if (record.state == State::fetching) finish_fetching(turn, record);
    }

    void operator()(const Failed& report) const {
        forget_uploads(turn, record);
        record.failure = report.failure;
        close_tasks(record, proto::Task::Status::failed);
        Cause cause{report.failure.message};
        cause.unbilled = report.unbilled;
        const bool again = record.state == State::running && report.again &&
                           may_buy_again(turn, record, report.unbilled ? record.reserved : 0);
        if (again) back_off(turn, record);
        apply(turn, record, again ? Event::task_failed_again : Event::task_failed, cause);
    }

    void operator()(const QueryRefused& report) const {
        const proto::Refusal& refusal = report.refusal;
        if (refusal.on_query == proto::OnQuery::final)
            return (*this)(Failed{refusal.failure, false, false});
        // What is said of an op or a model is said of asking, not of buying.
        const bool closes = closes_all(refusal.quarantine.scope);
        if (closes && refusal.failure.failure == FailureClass::account) {
            turn.memory.capacity.quarantine(record.account, refusal.quarantine,
                                            demand_of(turn.memory, record), turn.now);
            keep_account(turn, record.account);
        }
        if (refusal.on_query == proto::OnQuery::gone && believed_gone(refusal)) return;
        ask_again(report.poll_at);
    }

    template <class Other>
    void operator()(const Other&) const {}

private:
    void ask_again(proto::Instant at) const {
        turn.memory.flights.set(record.seq, WorkKind::poll, at, {});
    }

    bool believed_gone(const proto::Refusal& refusal) const {
        if (record.gone_count++ == 0) record.gone_since = turn.now;
        turn.plan.touched(record.seq);
        if (!is_believed_gone(record.gone_count, record.gone_since, turn.now)) return false;
        const AccountState& account = turn.memory.capacity.state(record.account);
        const bool key_changed = account.key_changed_at > record.sent_at;
        record.failure = refusal.failure;
        record.failure->failure = FailureClass::expired;
        if (key_changed && record.state == State::running) {
            record.gone_count = 0;
            apply(turn, record, Event::account_changed,
                  {"the key of account " + record.account +
                   " changed since, and the upstream does not know the task: " +
                   refusal.failure.message});
            return true;
        }
        close_tasks(record, proto::Task::Status::gone);
        Cause cause{"the upstream no longer knows the task: " + refusal.failure.message};
        cause.unclear = true;
        apply(turn, record, Event::task_gone, cause);
        return true;
    }
};

/// What a worker reports while it brings artifacts home.
struct WhileFetching {
    Turn& turn;
    JobRecord& record;

    bool operator()(const ArtifactNamed& report) const {
        Artifact& artifact = record.artifacts.at(report.n);
        artifact.status = Artifact::Status::named;
        artifact.name = report.name;
        artifact.media_type = report.media_type;
        artifact.bytes = report.bytes;
        artifact.sha256 = report.sha256;
        add_others(artifact.source, report.others);
        turn.plan.touched(record.seq);
        return false;
    }
    bool operator()(const ArtifactHome& report) const {
        record.artifacts.at(report.n).status = Artifact::Status::home;
        record.artifacts.at(report.n).failure.reset();
        turn.plan.touched(record.seq);
        return finish_fetching(turn, record);
    }
    bool operator()(const ArtifactLost& report) const {
        record.artifacts.at(report.n).status = Artifact::Status::lost;
        record.artifacts.at(report.n).failure = report.failure;
        turn.plan.touched(record.seq);
        return finish_fetching(turn, record);
    }
    bool operator()(const FetchLater& report) const {
        if (!report.trouble) {
            turn.memory.flights.set(record.seq, WorkKind::fetch, report.at,
                                    earliest_expiry(record));
            return true;
        }
        ++record.fetch_troubles;
        if (turn.now < fetch_patience_end(record.fetch_since, turn.memory.fetches_since,
                                          turn.options.fetch_patience)) {
            apply(turn, record, Event::fetch_troubled, {report.reason, report.at});
            return true;
        }
        lose_the_rest(record, given_up(report.reason));
        finish_fetching(turn, record);
        return true;
    }
    template <class Other>
    bool operator()(const Other&) const {
        return true;
    }

private:
    /// The other files of an archive, unless they are on record from an earlier try.
    void add_others(proto::Source source, const std::vector<std::string>& names) const {
        for (const std::string& name : names) {
            Artifact other;
            other.source = source;
            other.source.member = name;
            if (known(record, other, record.artifacts.size()) == nullptr)
                record.artifacts.push_back(std::move(other));
        }
    }
};

/// True: the step is over, and the next one may be handed out.
bool report_to(Turn& turn, JobRecord& record, const Report& report) {
    switch (record.state) {
        case State::preparing:
        case State::submitting:
            std::visit(WhileSubmitting{turn, record}, report);
            // Prepared: the same step goes on.
            return record.state != State::submitting;
        case State::unknown:
        case State::held:
            std::visit(WhileSought{turn, record}, report);
            return true;
        case State::running:
        case State::canceling:
            std::visit(WhileRunning{turn, record}, report);
            return true;
        default:
            return std::visit(WhileFetching{turn, record}, report);
    }
}

}  // namespace

Answer handle(Turn& turn, const Advance& command) {
    JobRecord* record = turn.plan.record(command.job);
    if (record == nullptr || record->send != command.send ||
        !fits(*record, command.from, command.report)) {
        turn.memory.flights.returned(command.job);
        return refused(Errc::stale, "the job has moved on since this step began");
    }
    // A repeated ArtifactHome or ArtifactLost changes nothing, as the artifact is so already.
    if (report_to(turn, *record, command.report)) turn.memory.flights.returned(command.job);
    return changed(*record);
}

}  // namespace genspool::queue
