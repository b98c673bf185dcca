#include "queue/dependency.hpp"

#include <algorithm>
#include <optional>

#include "queue/blobs.hpp"
#include "queue/keys.hpp"
#include "queue/things.hpp"

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

proto::Refused no_such_job(const std::string& name, const std::string& field,
                           proto::BatchSeq batch) {
    const std::string_view or_line =
        batch ? ", and no earlier line that was taken has it as its custom_id" : "";
    return {"invalid", field, field + ": '" + name + "' is no job's id" + std::string(or_line)};
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

proto::Result<Ties> find_ties(Turn& turn, const AdmitOne& job, proto::BatchSeq batch) {
    Ties ties;
    std::optional<proto::Refused> fault;
    const auto find = [&](const std::string& name, const std::string& field) {
        auto found = member_named(turn, batch, name);
        if (!found) found = job_named(turn, name);
        if (!found) {
            if (!fault) fault = no_such_job(name, field, batch);
            return JobId{};
        }
        auto& after = ties.after;
        if (std::find(after.begin(), after.end(), *found) == after.end()) after.push_back(*found);
        return *found;
    };
    for (std::size_t n = 0; n < job.after.size(); ++n)
        find(job.after[n], "after[" + std::to_string(n) + "]");
    for (const proto::FilePlace& place : job.inputs) {
        const proto::Reference& reference = place.reference;
        proto::Input input;
        if (reference.job.empty()) {
            auto found = find_blob(turn, place);
            if (!found && !fault) fault = found.error();
            if (found) input = std::move(*found);
        } else {
            input.job = find(reference.job, reference.path);
            input.n = reference.n;
        }
        ties.inputs.push_back(std::move(input));
    }
    if (fault) return *fault;
    auto account =
        bound_account(turn.memory, job, [&](const std::string& key) { return turn.plan.get(key); });
    if (!account) return account.error();
    ties.account = std::move(account->account);
    return ties;
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

std::string set_free(Turn& turn, JobRecord& record) {
    std::vector<proto::Input> settled = record.inputs;
    for (proto::Input& input : settled) {
        if (input.handed_in()) continue;
        const JobRecord* const from = turn.plan.record(input.job.seq());
        const bool there = from != nullptr && input.n < from->artifacts.size() &&
                           from->artifacts[input.n].status == proto::Artifact::Status::home;
        if (!there) {
            return "it takes a file that there is not: artifact " + std::to_string(input.n) +
                   " of " + input.job.text();
        }
        const proto::Artifact& file = from->artifacts[input.n];
        input.name = file.name;
        input.media_type = file.media_type;
        input.bytes = file.bytes;
        input.sha256 = file.sha256;
    }
    record.inputs = std::move(settled);
    record.freed = true;
    return {};
}

void look_at_blocked(Turn& turn, JobRecord& record) {
    const Awaited found = awaited(turn, record.after);
    if (found.outlook == Awaited::Outlook::open) return;
    std::string why;
    if (found.outlook == Awaited::Outlook::bad) {
        why = "it was to come after a job that did not succeed: " + found.job;
    } else {
        why = set_free(turn, record);
        if (why.empty()) {
            apply(turn, record, proto::Event::unblocked);
            return;
        }
    }
    record.failure =
        proto::Failure{proto::FailureClass::dependency, "dependency", why, true, false, {}};
    apply(turn, record, proto::Event::dependency_failed, {why});
}

bool release_blocked(Turn& turn) {
    std::size_t looks = 0;
    while (!turn.memory.ended.empty() && looks < looks_a_turn)
        looks += release_next(turn);
    if (!turn.memory.unseen.empty()) look_at_unseen(turn);
    return !turn.memory.ended.empty() || !turn.memory.unseen.empty();
}

}  // namespace genspool::queue
