#include "queue/dependency.hpp"

#include <algorithm>
#include <optional>

#include "queue/keys.hpp"

namespace genspool::queue {
namespace {

using proto::JobId;
using proto::JobRecord;
using proto::JobSeq;
using proto::State;

/// Each name that a waiting job gives is one: it has to be looked up.
constexpr std::size_t looks_a_turn = 1'000;

std::optional<JobId> member_named(const Turn& turn, proto::BatchSeq batch,
                                  const std::string& custom_id) {
    if (!batch) return std::nullopt;
    const auto row = turn.plan.get(keys::custom_id(batch, custom_id));
    if (!row) return std::nullopt;
    const auto job = turn.plan.glance({keys::get_u64(*row, 0)});
    if (!job) throw StoreFailed("a custom_id without its job");
    return job->id;
}

std::optional<JobId> job_named(const Turn& turn, const std::string& name) {
    const auto id = JobId::parse(name);
    const auto job = id ? turn.plan.glance(id->seq()) : std::nullopt;
    const bool seen = job && job->id == *id && turn.memory.visible(job->batch);
    return seen ? id : std::nullopt;
}

/// The job, if it is blocked and can be seen.
JobRecord* find_blocked(Turn& turn, JobSeq job) {
    JobRecord* record = turn.plan.record(job);
    const bool blocked =
        record != nullptr && record->state == State::blocked && turn.memory.visible(record->batch);
    return blocked ? record : nullptr;
}

/// Looks at the next that waits for the oldest end; or finds that there is none. Says how many
/// looks that has taken.
std::size_t release_next(Turn& turn) {
    auto& [job, from] = turn.memory.ended.front();
    std::optional<JobSeq> waiting;
    turn.store.scan(keys::awaited(job, from), keys::awaited({job.value + 1}, {0}),
                    [&](std::string_view key, std::string_view) {
                        waiting = JobSeq{keys::get_u64(key, 9)};
                        return false;
                    });
    if (!waiting) {
        turn.memory.ended.pop_front();
        return 1;
    }
    from.value = waiting->value + 1;
    JobRecord* const record = find_blocked(turn, *waiting);
    if (record == nullptr) return 1;
    look_at_blocked(turn, *record);
    return 1 + record->after.size();
}

/// Some of the blocked jobs that nobody has looked at: what they wait for may have ended meanwhile.
void look_at_unseen(Turn& turn) {
    Memory::Unseen range = turn.memory.unseen.front();
    turn.memory.unseen.pop_front();
    std::vector<JobSeq> jobs;
    turn.store.scan(keys::state(State::blocked, range.from),
                    keys::state(State::blocked, {range.last.value + 1}),
                    [&](std::string_view key, std::string_view) {
                        jobs.push_back({keys::get_u64(key, 2)});
                        return jobs.size() < looks_a_turn;
                    });
    std::size_t looks = 0;
    for (const JobSeq job : jobs) {
        if (looks >= looks_a_turn) break;
        range.from.value = job.value + 1;
        JobRecord* const record = find_blocked(turn, job);
        ++looks;
        if (record == nullptr || (range.batch && record->batch != range.batch)) continue;
        looks += record->after.size();
        look_at_blocked(turn, *record);
        if (record->state == State::blocked) place(turn, *record, {});
    }
    const bool over = jobs.size() < looks_a_turn && looks < looks_a_turn;
    if (!over) turn.memory.unseen.push_front(range);
}

}  // namespace

proto::Result<std::vector<JobId>> find_awaited(Turn& turn, const std::vector<std::string>& names,
                                               proto::BatchSeq batch) {
    std::vector<JobId> jobs;
    for (std::size_t n = 0; n < names.size(); ++n) {
        auto job = member_named(turn, batch, names[n]);
        if (!job) job = job_named(turn, names[n]);
        if (!job) {
            const std::string field = "after[" + std::to_string(n) + "]";
            return proto::Refused{"invalid", field,
                                  field + ": '" + names[n] + "' is no job's id" +
                                      (batch ? ", and no earlier line that was taken has it "
                                               "as its custom_id"
                                             : "")};
        }
        if (std::find(jobs.begin(), jobs.end(), *job) == jobs.end()) jobs.push_back(*job);
    }
    return jobs;
}

Awaited awaited(const Turn& turn, const std::vector<JobId>& jobs) {
    Awaited found;
    for (const JobId& job : jobs) {
        const auto glance = turn.plan.glance(job.seq());
        if (!glance) return {Awaited::Outlook::bad, job.text() + " is gone", true};
        if (glance->state == State::succeeded) continue;
        const std::string text = job.text() + " is " + std::string(proto::to_string(glance->state));
        if (proto::is_terminal(glance->state)) return {Awaited::Outlook::bad, text};
        if (found.outlook == Awaited::Outlook::good) found = {Awaited::Outlook::open, text};
    }
    return found;
}

void note_awaited(Turn& turn, const JobRecord& record) {
    for (const JobId& job : record.after)
        turn.plan.put(keys::awaited(job.seq(), record.seq), {});
}

void forget_awaited(Turn& turn, const JobRecord& record) {
    for (const JobId& job : record.after)
        turn.plan.del(keys::awaited(job.seq(), record.seq));
}

bool is_awaited(const Turn& turn, JobSeq job) {
    bool found = false;
    turn.store.scan(keys::awaited(job, {0}), keys::awaited({job.value + 1}, {0}),
                    [&](std::string_view, std::string_view) {
                        found = true;
                        return false;
                    });
    return found;
}

void look_at_blocked(Turn& turn, JobRecord& record) {
    const Awaited found = awaited(turn, record.after);
    if (found.outlook == Awaited::Outlook::good) {
        record.freed = true;
        apply(turn, record, proto::Event::unblocked);
    } else if (found.outlook == Awaited::Outlook::bad) {
        const std::string why = "it was to come after a job that did not succeed: " + found.job;
        record.failure =
            proto::Failure{proto::FailureClass::dependency, "dependency", why, true, false, {}};
        apply(turn, record, proto::Event::dependency_failed, {why});
    }
}

bool release_blocked(Turn& turn) {
    std::size_t looks = 0;
    while (!turn.memory.ended.empty() && looks < looks_a_turn)
        looks += release_next(turn);
    if (!turn.memory.unseen.empty()) look_at_unseen(turn);
    return !turn.memory.ended.empty() || !turn.memory.unseen.empty();
}

}  // namespace genspool::queue
