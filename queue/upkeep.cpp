#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "proto/record.hpp"
#include "queue/blobs.hpp"
#include "queue/dependency.hpp"
#include "queue/keys.hpp"
#include "queue/search.hpp"
#include "queue/settle.hpp"
#include "queue/things.hpp"
#include "queue/turn.hpp"
#include "queue/uploads.hpp"

namespace genspool::queue {
namespace {

using proto::JobRecord;
using proto::State;

constexpr std::size_t agenda_entries_a_turn = 4'000;
constexpr std::size_t fill_jobs_a_turn = 50'000;
constexpr std::size_t drop_jobs_a_turn = 2'000;
constexpr std::size_t refused_a_turn = 10'000;
constexpr std::size_t purge_a_turn = 1'000;
constexpr proto::Duration upkeep_pause{60'000};
constexpr proto::Duration slot_pause{60'000};

void job_ready(Turn& turn, JobRecord& record) {
    if (record.state == State::queued && record.ready_at <= turn.now) place(turn, record, {});
}

void deadline_passed(Turn& turn, JobRecord& record) {
    if (!record.deadline || *record.deadline > turn.now) return;
    const auto row = proto::next(record.state, proto::Event::deadline, record.cancel_waits);
    if (!row) return;  // what is bought is completed, and marked late when it comes
    fail_late(turn, record);
}

void slot_expired(Turn& turn, const Agenda::Entry& entry, JobRecord* record) {
    const auto slot = turn.memory.slots.find({entry.job, entry.send});
    if (!slot || slot->expires > turn.now) return;
    const bool under_way =
        record != nullptr && record->send == entry.send &&
        (record->state == State::preparing || record->state == State::submitting);
    if (under_way) {
        turn.memory.agenda.add({turn.now + slot_pause, entry.job, entry.send, Agenda::What::slot});
        return;
    }
    give_slot(turn, entry.job, entry.send);
    if (record == nullptr || record->send != entry.send || record->overdue) return;
    if (record->state == State::running || record->state == State::canceling) {
        record->overdue = true;
        Cause cause{
            "the upstream takes longer than its patience; it is asked less often from now on"};
        cause.due = turn.now;
        apply(turn, *record, proto::Event::troubled, cause);
    }
}

void look_at(Turn& turn, const Agenda::Entry& entry) {
    JobRecord* record = turn.plan.record(entry.job);
    if (entry.what == Agenda::What::slot) return slot_expired(turn, entry, record);
    if (record == nullptr || !turn.memory.visible(record->batch)) return;
    if (entry.what == Agenda::What::ready) job_ready(turn, *record);
    if (entry.what == Agenda::What::deadline) deadline_passed(turn, *record);
    if (entry.what == Agenda::What::unknown_window && record->state == State::unknown &&
        record->ready_at <= turn.now && !turn.memory.flights.is_out(record->seq)) {
        give_up_search(turn, *record);
    }
}

/// Puts the jobs of a sealed batch into their lanes, from its index rows.
bool fill_lanes(Turn& turn) {
    if (turn.memory.filling.empty()) return false;
    const auto [batch, from] = *turn.memory.filling.begin();
    const BatchView* row = turn.plan.batch(batch);
    const proto::JobSeq last = row == nullptr ? proto::JobSeq{} : row->last_job;
    proto::JobSeq next = from;
    std::size_t looked = 0;
    turn.store.scan(keys::state(State::queued, from), keys::state(State::queued, {last.value + 1}),
                    [&](std::string_view key, std::string_view value) {
                        const proto::JobSeq job{keys::get_u64(key, 2)};
                        next.value = job.value + 1;
                        const auto index = decode<IndexRow>(value);
                        if (!index) throw StoreFailed("a corrupt index row");
                        if (index->batch == batch) place_waiting(turn, job, *index);
                        return ++looked < fill_jobs_a_turn;
                    });
    turn.memory.filling.erase(batch);
    if (looked == fill_jobs_a_turn) turn.memory.filling.emplace(batch, next);
    return !turn.memory.filling.empty();
}

/// Says how many, which is less than `most` where there are no more.
std::size_t forget_rows(Turn& turn, const std::string& first, const std::string& last,
                        std::size_t most = SIZE_MAX) {
    std::vector<std::string> keys;
    turn.store.scan(first, last, [&](std::string_view key, std::string_view) {
        keys.emplace_back(key);
        return keys.size() < most;
    });
    for (std::string& key : keys)
        turn.plan.del(std::move(key));
    return keys.size();
}

/// Deletes a job with all that is only its own. Its ledger rows and slots stay.
void forget_job(Turn& turn, const JobRecord& record) {
    const proto::JobSeq job = record.seq;
    if (record.batch) {
        turn.plan.del(keys::member(record.batch, job));
        const auto spec =
            proto::decode_spec(turn.plan.get(keys::spec(job)).value_or(std::string()));
        if (spec && !spec->custom_id.empty()) {
            turn.plan.del(keys::custom_id(record.batch, spec->custom_id));
        }
    }
    for (const proto::Task& task : record.tasks)
        turn.plan.del(keys::task(task.account, task.id));
    if (record.state == State::blocked) forget_awaited(turn, record);
    if (!record.order.empty()) turn.plan.del(keys::order(record.order, job));
    turn.plan.del(keys::spec(job));
    forget_rows(turn, keys::history(job, {0}), keys::history({job.value + 1}, {0}));
    turn.plan.remove(job);
}

/// Some of the refused lines, of which there may be millions: as many as this turn has `room` for.
/// False: there may be more.
bool forget_refused(Turn& turn, BatchView& batch, std::size_t& room) {
    const std::size_t lines = forget_rows(turn, keys::refused_line(batch.seq, 0),
                                          keys::refused_line({batch.seq.value + 1}, 0), room);
    batch.refused -= std::min<std::uint64_t>(batch.refused, lines);
    room -= lines;
    return room > 0;
}

/// A batch without jobs and refused lines.
void forget_batch(Turn& turn, proto::BatchSeq batch) {
    const BatchView* row = turn.plan.batch(batch);
    if (row != nullptr && !row->identity.empty()) turn.plan.del(keys::import(row->identity));
    forget_rows(turn, keys::note(batch, {}), keys::note({batch.value + 1}, {}));
    if (row != nullptr && row->sealed && !row->idempotency.empty()) {
        const std::string key = keys::idempotency(row->idempotency);
        if (auto first = turn.plan.row<IdempotencyRow>(key)) {
            first->ends = turn.now + turn.options.retain_idempotency;
            turn.plan.put(keys::idempotency_end(first->ends, row->idempotency), {});
            turn.plan.put(key, encode(*first));
        }
    }
    turn.plan.remove(batch);
}

/// Deletes an unsealed batch that is not wanted, some jobs a turn.
bool drop_batches(Turn& turn) {
    if (turn.memory.dropping.empty()) return false;
    const proto::BatchSeq batch = *turn.memory.dropping.begin();
    std::vector<proto::JobSeq> jobs;
    turn.store.scan(keys::member(batch, {0}), keys::member({batch.value + 1}, {0}),
                    [&](std::string_view key, std::string_view) {
                        jobs.push_back({keys::get_u64(key, 9)});
                        return jobs.size() < drop_jobs_a_turn;
                    });
    for (const proto::JobSeq job : jobs) {
        const JobRecord* record = turn.plan.record(job);
        if (record == nullptr) continue;
        turn.plan.del(keys::state(record->state, job));
        if (!record->idempotency.empty()) turn.plan.del(keys::idempotency(record->idempotency));
        forget_blob_uses(turn, *record);
        forget_job(turn, *record);
    }
    if (jobs.size() == drop_jobs_a_turn) return true;
    BatchView* const row = turn.plan.batch(batch);
    std::size_t room = refused_a_turn;
    if (row != nullptr && !forget_refused(turn, *row, room)) return true;
    forget_batch(turn, batch);
    turn.memory.dropping.erase(batch);
    return !turn.memory.dropping.empty();
}

proto::EventSeq slowest_cursor(const Memory& memory) {
    proto::EventSeq slowest{memory.counters.next_event - 1};
    for (const auto& [name, cursor] : memory.cursors)
        slowest = std::min(slowest, cursor.done);
    return slowest;
}

/// Whether every named reader has seen the last event of this job.
bool consumed(Turn& turn, proto::JobSeq job) {
    proto::EventSeq last;
    turn.store.scan_back(keys::history(job, {0}), keys::history({job.value + 1}, {0}),
                         [&](std::string_view key, std::string_view) {
                             last.value = keys::get_u64(key, 9);
                             return false;
                         });
    return last <= slowest_cursor(turn.memory);
}

std::uint64_t jobs_of(const BatchView& batch) {
    return std::accumulate(batch.by_state.begin(), batch.by_state.end(), std::uint64_t{0});
}

bool all_ended(const BatchView& batch) {
    std::uint64_t ended = 0;
    for (const State state : {State::succeeded, State::failed, State::canceled})
        ended += batch.by_state[static_cast<std::size_t>(state)];
    return ended == jobs_of(batch);
}

/// Whether its task must not be taken for another's yet, a job waits for it, or somebody has
/// something left to do on its batch, now that all of it has ended.
bool kept(Turn& turn, const JobRecord& record) {
    if (is_evidence(record, turn.now)) return true;
    const Memory& memory = turn.memory;
    const bool nobody_waits = memory.by_state[static_cast<std::size_t>(State::blocked)] == 0 &&
                              memory.unsealed.empty() && memory.dropping.empty();
    if (!nobody_waits && is_awaited(turn, record.seq)) return true;
    if (!record.batch) return false;
    const BatchView* const batch = turn.plan.batch(record.batch);
    return batch != nullptr && all_ended(*batch) &&
           turn.plan.get(keys::note(record.batch, keep_note)).has_value();
}

bool purge_jobs(Turn& turn) {
    const auto& counts = turn.memory.by_state;
    std::uint64_t ended = 0;
    for (const State state : {State::succeeded, State::failed, State::canceled}) {
        ended += counts[static_cast<std::size_t>(state)];
    }
    std::uint64_t too_many =
        ended > turn.options.retain_jobs_max ? ended - turn.options.retain_jobs_max : 0;
    const proto::Instant too_old = turn.now - turn.options.retain_jobs;
    std::vector<std::pair<proto::Instant, proto::JobSeq>> jobs;
    // Not from the beginning: what was purged has left its marks there, over which the walk would
    // go. And on behind what this round has left alone, however much that is.
    if (!turn.memory.purge) turn.memory.purge = {turn.memory.ended_from, {}, turn.now};
    Memory::Purge& round = *turn.memory.purge;
    bool over = true;
    turn.store.scan(keys::ended(round.from, round.job), keys::family_end(keys::ended_family),
                    [&](std::string_view key, std::string_view) {
                        const proto::Instant at{proto::Duration(keys::get_u64(key, 1))};
                        if (at >= too_old && too_many == 0) {
                            round.kept = std::min(round.kept, at);
                            return false;
                        }
                        if (too_many > 0) --too_many;
                        jobs.emplace_back(at, proto::JobSeq{keys::get_u64(key, 9)});
                        over = jobs.size() < purge_a_turn;
                        return over;
                    });
    std::size_t room = refused_a_turn;
    for (const auto& [at, job] : jobs) {
        round.from = at;
        round.job = job;
        JobRecord* record = turn.plan.record(job);
        if (record == nullptr || kept(turn, *record) || !consumed(turn, job)) {
            round.kept = std::min(round.kept, at);
            continue;
        }
        BatchView* const batch = record->batch ? turn.plan.batch(record->batch) : nullptr;
        const bool last = batch != nullptr && jobs_of(*batch) == 1;
        if (last && !forget_refused(turn, *batch, room)) return true;
        const JobRecord copy = *record;
        if (!apply(turn, *record, proto::Event::expired)) {
            round.kept = std::min(round.kept, at);
            continue;
        }
        forget_job(turn, copy);
        if (last) forget_batch(turn, copy.batch);
    }
    if (!over) {
        ++round.job.value;
        return true;
    }
    turn.memory.ended_from = round.kept;
    turn.memory.purge.reset();
    return false;
}

bool purge_events(Turn& turn) {
    const proto::Instant too_old = turn.now - turn.options.retain_events;
    const proto::EventSeq keep_from{slowest_cursor(turn.memory).value + 1};
    std::vector<EventRecord> old;
    turn.store.scan(keys::event(turn.memory.first_event), keys::event(keep_from),
                    [&](std::string_view, std::string_view value) {
                        auto event = decode<EventRecord>(value);
                        if (!event) throw StoreFailed("a corrupt event");
                        if (event->at >= too_old) return false;
                        old.push_back(std::move(*event));
                        return old.size() < purge_a_turn;
                    });
    for (const EventRecord& event : old) {
        turn.plan.del(keys::event(event.seq));
        turn.plan.del(keys::history(event.job, event.seq));
        turn.memory.first_event.value = event.seq.value + 1;
    }
    if (!old.empty())
        forget_rows(turn, keys::event_note(old.front().seq, {}),
                    keys::event_note(turn.memory.first_event, {}));
    return old.size() == purge_a_turn;
}

bool purge_idempotency(Turn& turn) {
    std::vector<std::string> ended;
    const std::string last = keys::idempotency_end(turn.now, {});
    turn.store.scan(keys::family_begin(keys::idempotency_end_family), last,
                    [&](std::string_view key, std::string_view) {
                        ended.emplace_back(key);
                        return ended.size() < purge_a_turn;
                    });
    for (std::string& key : ended) {
        // Once its time was over the key may have been used for another job: that row stays.
        const std::string found = keys::idempotency(std::string_view(key).substr(9));
        const auto row = turn.plan.row<IdempotencyRow>(found);
        if (row && row->ends != proto::Instant{} && row->ends <= turn.now) turn.plan.del(found);
        turn.plan.del(std::move(key));
    }
    return ended.size() == purge_a_turn;
}

}  // namespace

void run_agenda(Turn& turn) {
    if (turn.now >= turn.memory.day_ends) {
        turn.memory.day_ends = next_utc_day(turn.now);
        turn.memory.order.reopen_all();
    }
    for (std::size_t look = 0; look < agenda_entries_a_turn; ++look) {
        const auto entry = turn.memory.agenda.pop(turn.now);
        if (!entry) return;
        look_at(turn, *entry);
    }
}

bool run_upkeep(Turn& turn) {
    if (fill_lanes(turn)) return true;
    const bool released = release_blocked(turn);
    if (drop_batches(turn) || released) return true;
    if (turn.now < turn.memory.upkeep_at) return false;
    const bool jobs = purge_jobs(turn);
    const bool events = purge_events(turn);
    const bool keys = purge_idempotency(turn);
    if (jobs || events || keys) return true;
    purge_blobs(turn);
    purge_uploads(turn);
    purge_things(turn);
    turn.memory.upkeep_at = turn.now + upkeep_pause;
    return false;
}

}  // namespace genspool::queue
