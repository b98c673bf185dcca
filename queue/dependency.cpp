#include "queue/dependency.hpp"

#include <algorithm>
#include <utility>

#include "proto/record.hpp"
#include "queue/keys.hpp"

namespace genspool::queue {
namespace {

using proto::JobId;
using proto::JobRecord;
using proto::JobSeq;
using proto::State;

constexpr std::size_t looks_a_turn = 1'000;

std::optional<JobId> member_named(Turn& turn, proto::BatchSeq batch, const std::string& custom_id) {
    if (!batch) return std::nullopt;
    const auto row = turn.plan.get(keys::custom_id(batch, custom_id));
    if (!row) return std::nullopt;
    const JobRecord* record = turn.plan.record({keys::get_u64(*row, 0)});
    if (record == nullptr) throw StoreFailed("a custom_id without its job");
    return record->id;
}

std::optional<JobId> job_named(Turn& turn, const std::string& name) {
    const auto id = JobId::parse(name);
    const JobRecord* record = id ? turn.plan.record(id->seq()) : nullptr;
    const bool seen =
        record != nullptr && record->id == *id && turn.memory.visible(record->batch);
    return seen ? id : std::nullopt;
}

void look_at(Turn& turn, JobSeq job) {
    JobRecord* record = turn.plan.record(job);
    const bool blocked = record != nullptr && record->state == State::blocked &&
                         turn.memory.visible(record->batch);
    if (blocked) look_at_blocked(turn, *record);
}

/// Those that wait for jobs that have ended. Says how many it has looked at.
std::size_t release_behind_ended(Turn& turn) {
    auto& ended = turn.memory.ended;
    std::size_t looked = 0;
    while (!ended.empty() && looked < looks_a_turn) {
        auto& [job, from] = ended.front();
        std::vector<JobSeq> waiting;
        turn.store.scan(keys::awaited(job, from), keys::awaited({job.value + 1}, {0}),
                        [&](std::string_view key, std::string_view) {
                            waiting.push_back({keys::get_u64(key, 9)});
                            return looked + waiting.size() < looks_a_turn;
                        });
        looked += waiting.size();
        if (looked < looks_a_turn) {
            ended.pop_front();
        } else {
            from.value = waiting.back().value + 1;
        }
        for (const JobSeq one : waiting)
            look_at(turn, one);
    }
    return looked;
}

/// All blocked jobs from a number on: what they wait for may have ended while nobody looked.
void look_through_blocked(Turn& turn) {
    const JobSeq from = *turn.memory.look_from;
    std::vector<JobSeq> blocked;
    turn.store.scan(keys::state(State::blocked, from), keys::state(State::queued, {0}),
                    [&](std::string_view key, std::string_view) {
                        blocked.push_back({keys::get_u64(key, 2)});
                        return blocked.size() < looks_a_turn;
                    });
    if (blocked.size() < looks_a_turn) {
        turn.memory.look_from.reset();
    } else {
        turn.memory.look_from = JobSeq{blocked.back().value + 1};
    }
    for (const JobSeq job : blocked) {
        look_at(turn, job);
        const JobRecord* record = turn.plan.record(job);
        const bool stays = record != nullptr && record->state == State::blocked;
        if (stays && turn.memory.visible(record->batch)) place(turn, *record, {});
    }
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
                                      (batch ? ", and no earlier line of this batch has it as "
                                               "its custom_id"
                                             : "")};
        }
        if (std::find(jobs.begin(), jobs.end(), *job) == jobs.end()) jobs.push_back(*job);
    }
    return jobs;
}

Awaited awaited(Turn& turn, const std::vector<JobId>& jobs) {
    Awaited found;
    for (const JobId& job : jobs) {
        const JobRecord* record = turn.plan.record(job.seq());
        const State state = record == nullptr ? State::absent : record->state;
        if (state == State::succeeded) continue;
        const std::string text = job.text() + (state == State::absent
                                                   ? " is gone"
                                                   : " is " + std::string(proto::to_string(state)));
        if (state == State::absent || proto::is_terminal(state))
            return {Awaited::Outlook::bad, text};
        if (found.outlook == Awaited::Outlook::good) found = {Awaited::Outlook::open, text};
    }
    return found;
}

void note_awaited(Turn& turn, JobSeq job, const std::vector<JobId>& jobs) {
    for (const JobId& one : jobs)
        turn.plan.put(keys::awaited(one.seq(), job), {});
}

void forget_awaited(Turn& turn, JobSeq job, const std::vector<JobId>& jobs) {
    for (const JobId& one : jobs)
        turn.plan.del(keys::awaited(one.seq(), job));
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

std::vector<JobId> after_of(Turn& turn, JobSeq job) {
    auto spec = proto::decode_spec(turn.plan.get(keys::spec(job)).value_or(std::string()));
    if (!spec) throw StoreFailed("a corrupt request");
    return std::move(spec->after);
}

void look_at_blocked(Turn& turn, JobRecord& record) {
    const Awaited found = awaited(turn, after_of(turn, record.seq));
    if (found.outlook == Awaited::Outlook::good) {
        apply(turn, record, proto::Event::unblocked);
    } else if (found.outlook == Awaited::Outlook::bad) {
        const std::string why = "it was to come after a job that did not succeed: " + found.job;
        record.failure =
            proto::Failure{proto::FailureClass::dependency, "dependency", why, true, false, {}};
        apply(turn, record, proto::Event::dependency_failed, {why});
    }
}

void look_at_blocked_from(Memory& memory, JobSeq job) {
    memory.look_from = std::min(job, memory.look_from.value_or(job));
}

bool release_blocked(Turn& turn) {
    const std::size_t looked = release_behind_ended(turn);
    if (looked == 0 && turn.memory.look_from) look_through_blocked(turn);
    return !turn.memory.ended.empty() || turn.memory.look_from;
}

}  // namespace genspool::queue
