#include <algorithm>

#include "proto/record.hpp"
#include "queue/keys.hpp"
#include "queue/search.hpp"
#include "queue/turn.hpp"
#include "queue/verify_check.hpp"

namespace genspool::queue {
namespace {

using proto::JobRecord;
using proto::State;

std::string name_of(const JobRecord& record) {
    return "job " + std::to_string(record.seq.value) + " (" + record.id.text() + ")";
}

KnownJob known(const JobRecord& record) {
    return {record.seq,
            record.id,
            record.batch,
            record.state,
            record.send,
            record.charged,
            {record.reserved, record.spent, record.uncertain},
            record.account,
            record.created_at,
            record.finished_at};
}

/// How many rows the records say there are; held against how many there are.
struct Expected {
    std::uint64_t tasks = 0;
    std::uint64_t custom_ids = 0;
    std::uint64_t lanes = 0;
    std::uint64_t awaited = 0;
    std::uint64_t orders = 0;
};

void look_at_awaited(Check& check, const JobRecord& record, Expected& expected) {
    if (record.state != State::blocked) return;
    if (record.after.empty()) check.broken(name_of(record) + " is blocked and waits for nothing");
    for (const proto::JobId& job : record.after) {
        ++expected.awaited;
        if (!check.store.get(keys::awaited(job.seq(), record.seq)))
            check.broken(name_of(record) + " would not be told of the end of " + job.text());
        // Of a batch that is being dropped, some are gone before the others.
        const bool there = check.store.get(keys::record(job.seq())).has_value();
        if (!there && check.visible(record.batch))
            check.broken(name_of(record) + " waits for " + job.text() + ", which is gone");
    }
}

/// As long as it has not ended, its file is kept for it.
void look_at_blob(Check& check, const JobRecord& record, const proto::Input& input) {
    if (proto::is_terminal(record.state)) return;
    if (!check.store.get(keys::blob_use(input.sha256, record.seq)))
        check.broken(name_of(record) + " takes the file " + input.sha256 +
                     ", which is not kept for it");
}

/// What may be bought has its files; and each of them is of a job that it comes after.
void look_at_inputs(Check& check, const JobRecord& record) {
    for (const proto::Input& input : record.inputs) {
        if (input.handed_in()) {
            look_at_blob(check, record, input);
            continue;
        }
        const auto& after = record.after;
        if (std::find(after.begin(), after.end(), input.job) == after.end())
            check.broken(name_of(record) + " takes a file of " + input.job.text() +
                         ", but does not come after it");
        if (record.freed && (input.name.empty() || input.sha256.empty()))
            check.broken(name_of(record) + " would be bought without a file of " +
                         input.job.text());
    }
    const bool may_buy = record.state != State::blocked && !proto::is_terminal(record.state);
    if (may_buy && !record.after.empty() && !record.freed)
        check.broken(name_of(record) + " is " + std::string(proto::to_string(record.state)) +
                     " before what it waits for was looked at");
}

void look_at_request(Check& check, const JobRecord& record, Expected& expected) {
    const auto bytes = check.store.get(keys::spec(record.seq));
    const auto spec = bytes ? proto::decode_spec(*bytes) : std::nullopt;
    if (!spec) return check.broken(name_of(record) + " has lost its request");
    if (!record.batch || spec->custom_id.empty()) return;
    ++expected.custom_ids;
    const auto found = check.store.get(keys::custom_id(record.batch, spec->custom_id));
    if (!found || found->size() != 8 || keys::get_u64(*found, 0) != record.seq.value) {
        check.broken(name_of(record) + " cannot be found by its custom_id");
    }
}

void look_at_index(Check& check, const JobRecord& record) {
    const auto bytes = check.store.get(keys::state(record.state, record.seq));
    if (!bytes) {
        return check.broken(name_of(record) + " is not listed under its state, " +
                            std::string(proto::to_string(record.state)));
    }
    const auto row = decode<IndexRow>(*bytes);
    if (!row) return;  // named with the rows themselves
    const IndexRow wanted = index_row(record);
    if (record.state == State::queued && *row != wanted)
        check.broken(name_of(record) + " would be queued differently after a start");
    if (row->lane != wanted.lane || row->group != wanted.group || row->batch != wanted.batch)
        check.broken(name_of(record) + " would be of another batch or lane after a start");
}

void look_at_end(Check& check, const JobRecord& record) {
    const bool ends = proto::is_terminal(record.state);
    const bool listed =
        record.finished_at && check.store.get(keys::ended(*record.finished_at, record.seq));
    if (ends != record.finished_at.has_value() || ends != listed) {
        check.broken(name_of(record) + " has no true time of its end");
    }
}

void look_at_tasks(Check& check, const JobRecord& record, Expected& expected) {
    for (const proto::Task& task : record.tasks) {
        ++expected.tasks;
        const auto row = check.row<TaskRow>(keys::task(task.account, task.id), "task " + task.id);
        if (!row || row->job != record.seq) {
            check.broken("task " + task.id + " does not lead to " + name_of(record));
        }
        if (task.send > record.send)
            check.broken("task " + task.id + " of " + name_of(record) +
                         " belongs to a send that never was");
    }
}

void look_at_idempotency(Check& check, const JobRecord& record) {
    const bool asked_for = !record.idempotency.empty() && !proto::is_terminal(record.state) &&
                           check.visible(record.batch);
    if (!asked_for) return;
    const auto row = check.row<IdempotencyRow>(keys::idempotency(record.idempotency),
                                               "the idempotency key of " + name_of(record));
    if (!row || row->job != record.seq) {
        check.broken(name_of(record) + " cannot be found by its idempotency key");
    }
}

/// Else what it may have bought could be taken for another's.
void look_at_doubt(Check& check, const JobRecord& record) {
    const bool unanswered = record.state == State::unknown || awaits_evidence(record);
    if (!unanswered || !is_evidence(record, check.counters.now)) return;
    if (!check.store.get(keys::doubt(record.account, record.seq, record.send)))
        check.broken(name_of(record) +
                     " would not be thought of when another's send is looked for");
}

void look_at_order(Check& check, const JobRecord& record, Expected& expected) {
    if (record.order.empty()) return;
    ++expected.orders;
    if (!check.store.get(keys::order(record.order, record.seq)))
        check.broken(name_of(record) + " cannot be found by who repeats its order");
}

void look_at_figures(Check& check, const JobRecord& record, std::uint64_t lanes) {
    const std::string name = name_of(record);
    if (record.seq.value >= check.counters.next_job)
        check.broken(name + " has a number not given yet");
    if (record.lane >= lanes) check.broken(name + " waits in a lane that is not there");
    if (record.charged > record.send) check.broken(name + " was charged more often than sent");
    if (record.charged > record.max_attempts) check.broken(name + " was sent beyond max_attempts");
    const proto::Micros cost = record.reserved + record.spent + record.uncertain;
    if (record.max_cost && cost > *record.max_cost)
        check.broken(name + " costs more than its max_cost");
    if (record.batch && !check.batches.contains(record.batch))
        check.broken(name + " has lost its batch");
}

void look_at(Check& check, const JobRecord& record, Expected& expected) {
    look_at_figures(check, record, expected.lanes);
    look_at_request(check, record, expected);
    look_at_index(check, record);
    look_at_end(check, record);
    look_at_tasks(check, record, expected);
    look_at_idempotency(check, record);
    look_at_doubt(check, record);
    look_at_order(check, record, expected);
    look_at_awaited(check, record, expected);
    look_at_inputs(check, record);
}

void check_records(Check& check, Expected& expected) {
    check.each(keys::record_family, 9, Check::Ending::exact,
               [&](std::string_view key, std::string_view value) {
                   ++check.verdict.jobs;
                   const std::string number = std::to_string(keys::get_u64(key, 1));
                   const auto record = proto::decode_record(value);
                   if (!record) return check.broken("the record of job " + number + " is corrupt");
                   ++check.verdict.by_state[static_cast<std::size_t>(record->state)];
                   const bool own = std::to_string(record->seq.value) == number;
                   if (!own || record->id.seq() != record->seq) {
                       check.broken(name_of(*record) + " lies under another job's key, " + number);
                   }
                   look_at(check, *record, expected);
                   if (own) check.jobs.push_back(known(*record));
               });
}

/// Every record has its row; what there is more is wrong.
void check_state_rows(Check& check) {
    check.each(
        keys::state_family, 10, Check::Ending::exact,
        [&](std::string_view key, std::string_view value) {
            const proto::JobSeq job{keys::get_u64(key, 2)};
            const KnownJob* const known = check.find(job);
            if (known == nullptr)
                return check.broken("a state row without a job: " + std::to_string(job.value));
            if (known->state != static_cast<State>(key[1])) {
                check.broken(check.name(job) + " is listed under a state it is not in");
            }
            if (!decode<IndexRow>(value))
                check.broken("the state row of " + check.name(job) + " is corrupt");
        });
}

void check_ended_rows(Check& check) {
    check.each(keys::ended_family, 17, Check::Ending::exact,
               [&](std::string_view key, std::string_view) {
                   const proto::JobSeq job{keys::get_u64(key, 9)};
                   const KnownJob* const known = check.find(job);
                   if (known == nullptr || !known->finished_at ||
                       key != keys::ended(*known->finished_at, job)) {
                       check.broken("an end row that is not true, of " + check.name(job));
                   }
               });
}

void check_task_rows(Check& check, const Expected& expected) {
    std::uint64_t rows = 0;
    check.each(keys::task_family, 2, Check::Ending::text,
               [&](std::string_view, std::string_view) { ++rows; });
    if (rows <= expected.tasks) return;
    check.each(keys::task_family, 2, Check::Ending::text,
               [&](std::string_view key, std::string_view value) {
                   const std::string task(key.substr(std::min(key.find('\0') + 1, key.size())));
                   const auto row = check.read<TaskRow>(value, "task " + task);
                   if (!row) return;
                   const auto bytes = check.store.get(keys::record(row->job));
                   const auto record = bytes ? proto::decode_record(*bytes) : std::nullopt;
                   const auto own = [&](const proto::Task& each) { return each.id == task; };
                   if (record && std::any_of(record->tasks.begin(), record->tasks.end(), own))
                       return;
                   check.broken("task " + task + " leads to " + check.name(row->job) +
                                ", a job that does not have the task");
               });
}

void check_custom_ids(Check& check, const Expected& expected) {
    std::uint64_t rows = 0;
    check.each(keys::custom_id_family, 9, Check::Ending::text,
               [&](std::string_view, std::string_view) { ++rows; });
    if (rows > expected.custom_ids) check.broken("a custom_id is listed of a job that has another");
}

void check_awaited_rows(Check& check, const Expected& expected) {
    std::uint64_t rows = 0;
    check.each(keys::awaited_family, 17, Check::Ending::exact,
               [&](std::string_view, std::string_view) { ++rows; });
    if (rows > expected.awaited)
        check.broken("a job is said to wait for another, and is not blocked");
}

void check_order_rows(Check& check, const Expected& expected) {
    std::uint64_t rows = 0;
    check.each(keys::order_family, 25, Check::Ending::exact,
               [&](std::string_view, std::string_view) { ++rows; });
    if (rows > expected.orders)
        check.broken("an order leads to a job that is gone, or whose answer was had");
}

void check_idempotency_rows(Check& check) {
    check.each(keys::idempotency_family, 1, Check::Ending::text,
               [&](std::string_view key, std::string_view value) {
                   const auto row = check.read<IdempotencyRow>(value, "an idempotency key");
                   if (!row || row->ends == proto::Instant{}) return;
                   if (check.store.get(keys::idempotency_end(row->ends, key.substr(1)))) return;
                   const std::string made =
                       row->batch ? check.name(row->batch) : check.name(row->job);
                   check.broken("the idempotency key of " + made + " would never be forgotten");
               });
    check.each(keys::idempotency_end_family, 9, Check::Ending::text,
               [&](std::string_view key, std::string_view) {
                   if (!check.store.get(keys::idempotency(key.substr(9))))
                       check.broken("an idempotency key was forgotten before its time");
               });
}

}  // namespace

void check_jobs(Check& check) {
    Expected expected;
    check.each(keys::lane_family, 5, Check::Ending::exact,
               [&](std::string_view, std::string_view value) {
                   check.read<LaneKey>(value, "lane " + std::to_string(expected.lanes++));
               });
    check.each(keys::account_family, 2, Check::Ending::text,
               [&](std::string_view key, std::string_view value) {
                   check.read<AccountState>(value, "account " + std::string(key.substr(1)));
               });
    check_records(check, expected);
    check_state_rows(check);
    check_ended_rows(check);
    check_task_rows(check, expected);
    check_custom_ids(check, expected);
    check_awaited_rows(check, expected);
    check_order_rows(check, expected);
    check_idempotency_rows(check);
}

}  // namespace genspool::queue
