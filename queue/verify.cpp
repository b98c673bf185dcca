#include "queue/verify.hpp"

#include <array>
#include <map>
#include <set>
#include <unordered_map>

#include "proto/record.hpp"
#include "queue/keys.hpp"
#include "queue/setback.hpp"
#include "queue/turn.hpp"

namespace genspool::queue {
namespace {

using proto::JobRecord;
using proto::State;

std::string job_name(const JobRecord& record) {
    return "job " + std::to_string(record.seq.value) + " (" + record.id.text() + ")";
}

bool in_table(const EventRecord& event) {
    for (const proto::Transition& row : proto::transitions) {
        if (row.from == event.from && row.on == event.event && row.to == event.to) return true;
    }
    return false;
}

class Check {
public:
    explicit Check(const Store& store) : store_(store) {}

    Verdict run() {
        counters_ = row<Counters>(keys::meta("counters"));
        batches();
        records();
        state_rows();
        ended_rows();
        members();
        events();
        slots();
        ledger();
        totals();
        tasks();
        idempotency();
        return std::move(verdict_);
    }

private:
    /// What the rows of one job add up to.
    struct Sums {
        std::uint32_t rows = 0;
        std::uint32_t kept = 0;  ///< not released
        TotalRow money;
        bool open_now = false;  ///< the row of its last send is reserved
    };

    void broken(std::string sentence) { verdict_.broken.push_back(std::move(sentence)); }

    void each(char family, const std::function<void(std::string_view, std::string_view)>& look) {
        store_.scan(keys::family_begin(family), keys::family_end(family),
                    [&](std::string_view key, std::string_view value) {
                        look(key, value);
                        return true;
                    });
    }

    template <class Row>
    Row read(std::string_view value, const char* what) {
        auto row = decode<Row>(value);
        if (!row) broken(std::string("a corrupt row: ") + what);
        return row.value_or(Row{});
    }

    template <class Row>
    Row row(const std::string& key) {
        const auto value = store_.get(key);
        return value ? read<Row>(*value, "meta") : Row{};
    }

    const JobRecord* find(proto::JobSeq job) const {
        const auto found = records_.find(job);
        return found == records_.end() ? nullptr : &found->second;
    }

    bool sealed(proto::BatchSeq batch) const {
        const auto found = batches_.find(batch);
        return !batch || (found != batches_.end() && found->second.sealed);
    }

    void batches() {
        each(keys::batch_family, [&](std::string_view key, std::string_view value) {
            auto batch = read<BatchView>(value, "batch");
            if (batch.seq.value != keys::get_u64(key, 1)) broken("a batch under another's key");
            if (batch.seq.value >= counters_.next_batch)
                broken("a batch number that was not given yet");
            ++verdict_.batches;
            batches_.emplace(batch.seq, std::move(batch));
        });
    }

    void records() {
        each(keys::record_family, [&](std::string_view key, std::string_view value) {
            ++verdict_.jobs;
            auto record = proto::decode_record(value);
            if (!record) return broken("a corrupt job record");
            const std::string name = job_name(*record);
            if (record->seq.value != keys::get_u64(key, 1) || record->id.seq() != record->seq) {
                broken(name + " lies under another job's key");
            }
            if (record->seq.value >= counters_.next_job)
                broken(name + " has a number not given yet");
            const auto spec = store_.get(keys::spec(record->seq));
            if (!spec || !proto::decode_spec(*spec)) broken(name + " has lost its request");
            if (record->charged > record->send) broken(name + " was charged more often than sent");
            if (record->charged > record->max_attempts)
                broken(name + " was sent beyond max_attempts");
            const proto::Micros cost = record->reserved + record->spent + record->uncertain;
            if (record->max_cost && cost > *record->max_cost)
                broken(name + " costs more than its max_cost");
            if (record->batch && !batches_.contains(record->batch))
                broken(name + " has lost its batch");
            records_.emplace(record->seq, std::move(*record));
        });
    }

    void state_rows() {
        std::unordered_map<proto::JobSeq, int> rows;
        each(keys::state_family, [&](std::string_view key, std::string_view value) {
            const proto::JobSeq job{keys::get_u64(key, 2)};
            ++rows[job];
            const JobRecord* record = find(job);
            if (record == nullptr)
                return broken("a state row without a job: " + std::to_string(job.value));
            if (record->state != static_cast<State>(key[1])) {
                broken(job_name(*record) + " is listed under a state it is not in");
            }
            const auto row = decode<IndexRow>(value);
            if (record->state == State::queued && row != index_row(*record)) {
                broken(job_name(*record) + " would be queued differently after a start");
            }
        });
        for (const auto& [job, record] : records_) {
            if (rows[job] != 1)
                broken(job_name(record) + " has " + std::to_string(rows[job]) + " state rows");
        }
    }

    void ended_rows() {
        std::set<proto::JobSeq> ended;
        each(keys::ended_family, [&](std::string_view key, std::string_view) {
            const proto::JobSeq job{keys::get_u64(key, 9)};
            const JobRecord* record = find(job);
            if (record == nullptr || !record->finished_at ||
                key != keys::ended(*record->finished_at, job)) {
                return broken("an end row that is not true, of job " + std::to_string(job.value));
            }
            ended.insert(job);
        });
        for (const auto& [job, record] : records_) {
            const bool ends = proto::is_terminal(record.state);
            if (ends != record.finished_at.has_value() || ends != ended.contains(job)) {
                broken(job_name(record) + " has no true time of its end");
            }
        }
    }

    void members() {
        std::map<proto::BatchSeq, std::array<std::uint64_t, proto::state_count>> counts;
        std::uint64_t in_batches = 0;
        for (const auto& [job, record] : records_) {
            if (!record.batch) continue;
            ++in_batches;
            ++counts[record.batch][static_cast<std::size_t>(record.state)];
            if (!store_.get(keys::member(record.batch, job))) {
                broken(job_name(record) + " is no member of its own batch");
            }
        }
        std::uint64_t member_rows = 0;
        each(keys::member_family, [&](std::string_view, std::string_view) { ++member_rows; });
        if (member_rows != in_batches) broken("members are listed of jobs that are not there");
        for (const auto& [seq, batch] : batches_) {
            // A dropped batch loses its members in steps; nobody counts them any more.
            if (!batch.sealed && batch.source == BatchSource::http) continue;
            if (batch.by_state != counts[seq]) {
                broken("batch " + std::to_string(seq.value) + " counts its jobs wrongly");
            }
        }
    }

    void events() {
        std::uint64_t expected = 0;
        std::unordered_map<proto::JobSeq, State> last;
        each(keys::event_family, [&](std::string_view key, std::string_view value) {
            ++verdict_.events;
            const auto event = read<EventRecord>(value, "event");
            const std::uint64_t number = keys::get_u64(key, 1);
            if (event.seq.value != number) broken("an event under another's number");
            if (expected != 0 && number != expected && !begins_generation({number}))
                broken("event " + std::to_string(expected) + " is missing");
            expected = number + 1;
            if (!event.job) return;
            if (!in_table(event)) {
                broken("event " + std::to_string(number) + " is no transition of the lifecycle");
            }
            const auto known = last.find(event.job);
            if (known != last.end() && known->second != event.from) {
                broken("event " + std::to_string(number) + " does not follow from the one before");
            }
            last[event.job] = event.to;
            const bool purged = find(event.job) == nullptr;  // its history went with it
            if (!purged && !store_.get(keys::history(event.job, event.seq))) {
                broken("event " + std::to_string(number) + " is not in its job's history");
            }
        });
        each(keys::history_family, [&](std::string_view key, std::string_view) {
            const proto::EventSeq event{keys::get_u64(key, 9)};
            if (!store_.get(keys::event(event))) {
                broken("the history of job " + std::to_string(keys::get_u64(key, 1)) +
                       " names an event that is not there");
            }
        });
        if (expected != 0 && expected != counters_.next_event &&
            !begins_generation({counters_.next_event}))
            broken("the newest events are missing");
        for (const auto& [job, state] : last) {
            const JobRecord* record = find(job);
            const State now = record == nullptr ? State::absent : record->state;
            if (now != state) {
                broken("job " + std::to_string(job.value) + " is " +
                       std::string(proto::to_string(now)) + ", its last event says " +
                       std::string(proto::to_string(state)));
            }
        }
    }

    void slots() {
        std::set<std::pair<proto::JobSeq, proto::Send>> taken;
        each(keys::slot_family, [&](std::string_view key, std::string_view value) {
            ++verdict_.slots;
            read<SlotRow>(value, "slot");
            const proto::JobSeq job{keys::get_u64(key, 1)};
            const proto::Send send = keys::get_u32(key, 9);
            const JobRecord* record = find(job);
            taken.insert({job, send});
            if (record != nullptr && send > record->send) {
                broken(job_name(*record) + " has a slot for a send that never was");
            }
        });
        for (const auto& [job, record] : records_) {
            const bool needs =
                record.state == State::preparing || record.state == State::submitting;
            if (needs && !taken.contains({job, record.send})) {
                broken(job_name(record) + " is on the wire without a slot");
            }
        }
    }

    void ledger() {
        std::unordered_map<proto::JobSeq, Sums> sums;
        each(keys::ledger_family, [&](std::string_view key, std::string_view value) {
            ++verdict_.ledger_rows;
            const auto entry = read<LedgerRow>(value, "ledger");
            if (key != keys::ledger(entry.job, entry.send))
                broken("a ledger row under another's key");
            Sums& sum = sums[entry.job];
            ++sum.rows;
            if (entry.status != LedgerRow::Status::released) ++sum.kept;
            add(sum.money, entry);
            const JobRecord* record = find(entry.job);
            if (record != nullptr && entry.send == record->send) {
                sum.open_now = entry.status == LedgerRow::Status::reserved;
            }
            sum_up(entry);
        });
        for (const auto& [job, record] : records_) {
            const Sums& sum = sums[job];
            if (sum.money != TotalRow{record.reserved, record.spent, record.uncertain}) {
                broken(job_name(record) + " and its ledger rows disagree about the money");
            }
            if (record.charged < sum.kept)
                broken(job_name(record) + " was charged more often than it says");
            if (record.state == State::submitting && !sum.open_now) {
                broken(job_name(record) + " is on the wire without a reserve in the ledger");
            }
        }
    }

    static void add(TotalRow& total, const LedgerRow& entry) {
        const proto::Micros amount = entry.amount.amount;
        if (entry.status == LedgerRow::Status::reserved) total.reserved += amount;
        if (entry.status == LedgerRow::Status::spent) total.spent += amount;
        if (entry.status == LedgerRow::Status::uncertain) total.uncertain += amount;
    }

    void sum_up(const LedgerRow& entry) {
        const auto unit = static_cast<std::uint8_t>(entry.amount.unit);
        const std::string day = proto::format_day(entry.at);
        add(totals_[keys::total('d', day, {}, unit)], entry);
        add(totals_[keys::total('a', day, entry.account, unit)], entry);
        if (!entry.batch) return;
        std::string batch;
        keys::put_u64(batch, entry.batch.value);
        add(totals_[keys::total('b', {}, batch, unit)], entry);
    }

    void totals() {
        each(keys::total_family, [&](std::string_view key, std::string_view value) {
            const auto stored = read<TotalRow>(value, "total");
            const auto found = totals_.find(std::string(key));
            if (found == totals_.end() || found->second != stored) {
                broken("a sum of the ledger is not the sum of its rows");
            }
            if (found != totals_.end()) totals_.erase(found);
        });
        if (!totals_.empty()) broken("a sum of the ledger is missing");
    }

    void tasks() {
        std::uint64_t owned = 0;
        for (const auto& [job, record] : records_) {
            for (const proto::Task& task : record.tasks) {
                ++owned;
                const auto value = store_.get(keys::task(task.account, task.id));
                if (!value || read<TaskRow>(*value, "task").job != job) {
                    broken("task " + task.id + " does not lead to " + job_name(record));
                }
            }
        }
        std::uint64_t rows = 0;
        each(keys::task_family, [&](std::string_view, std::string_view) { ++rows; });
        if (rows > owned) broken("a task row leads to a job that does not have the task");
    }

    void idempotency() {
        each(keys::idempotency_family, [&](std::string_view key, std::string_view value) {
            const auto entry = read<IdempotencyRow>(value, "idempotency");
            if (entry.ends != proto::Instant{} &&
                !store_.get(keys::idempotency_end(entry.ends, key.substr(1)))) {
                broken("an idempotency row that would never be forgotten");
            }
        });
        for (const auto& [job, record] : records_) {
            if (record.idempotency.empty() || proto::is_terminal(record.state) ||
                !sealed(record.batch)) {
                continue;
            }
            const auto value = store_.get(keys::idempotency(record.idempotency));
            if (!value || read<IdempotencyRow>(*value, "idempotency").job != job) {
                broken(job_name(record) + " cannot be found by its idempotency key");
            }
        }
    }

    const Store& store_;
    Verdict verdict_;
    Counters counters_;
    std::map<proto::BatchSeq, BatchView> batches_;
    std::map<proto::JobSeq, JobRecord> records_;
    std::map<std::string, TotalRow> totals_;
};

}  // namespace

Verdict verify(const Store& store) {
    return Check(store).run();
}

}  // namespace genspool::queue
