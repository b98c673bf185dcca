#include <algorithm>

#include "queue/blobs.hpp"
#include "queue/dependency.hpp"
#include "queue/keys.hpp"
#include "queue/money.hpp"
#include "queue/search.hpp"
#include "queue/things.hpp"
#include "queue/turn.hpp"

namespace genspool::queue {
namespace {

using proto::Event;
using proto::JobRecord;
using proto::SlotMove;
using proto::State;

bool is_submission(State state) {
    return state == State::preparing || state == State::submitting;
}

/// The submission has come to nothing, or its reply has been dealt with: what it brought is on disk
/// and measured there. After a start nothing is promised, so that this may find less than it gives
/// back.
void give_room(Turn& turn, const JobRecord& record, State from) {
    if (!is_submission(from) || is_submission(record.state)) return;
    std::uint64_t& promised = turn.memory.promised_bytes;
    promised -= std::min(promised, op_of(turn, record).reply_bytes_max);
}

void take_slot(Turn& turn, const JobRecord& record) {
    const LaneKey& lane = turn.memory.lanes.at(record.lane);
    const proto::Instant expires = turn.now + op_of(turn, record).patience;
    const SlotRow row{record.account, lane.slot_class, expires};
    if (turn.memory.slots.take({record.seq, record.send}, row))
        turn.memory.capacity.take(row.account, row.slot_class);
    turn.memory.agenda.add({expires, record.seq, record.send, Agenda::What::slot});
    turn.plan.put(keys::slot(record.seq, record.send), encode(row));
}

void move_slot(Turn& turn, const JobRecord& record, SlotMove move) {
    if (move == SlotMove::take) take_slot(turn, record);
    if (move == SlotMove::give) give_slot(turn, record.seq, record.send);
    // keep and until_expiry: every slot has an expiry, and stays until then.
}

void count_send(JobRecord& record, Event event, proto::MoneyMove money, proto::Instant now) {
    if (event == Event::claimed || event == Event::claimed_prepare) ++record.send;
    if (money == proto::MoneyMove::reserve) {
        ++record.charged;
        record.sent_at = now;
    }
    const bool undone =
        event == Event::not_created || event == Event::rejected || event == Event::proven_absent;
    if (undone && record.charged > 0) --record.charged;
}

/// Nothing was sent under the number of a preparation that came to nothing: it is free again. So
/// the last send of a job that is not being prepared always has its row in the ledger.
void take_back_send(Turn& turn, JobRecord& record, State from) {
    if (from != State::preparing || is_submission(record.state)) return;
    --record.send;
    record.unsent = record.state == State::held;
    const auto before = turn.plan.row<LedgerRow>(keys::ledger(record.seq, record.send));
    record.account = before ? before->account : std::string();
}

void mark_time(JobRecord& record, State from, proto::Instant now) {
    const bool ends = proto::is_terminal(record.state);
    record.updated_at = now;
    if (!ends) record.finished_at.reset();
    if (ends && record.state != from) record.finished_at = now;
    const bool bought = record.state == State::fetching || record.state == State::succeeded;
    if (bought && record.deadline && now > *record.deadline) record.late = true;
    if (from != State::fetching && record.state == State::fetching) record.fetch_since = now;
}

/// Being put back, or freed, is no reason of its own: the one before still holds.
void keep_reason(JobRecord& record, Event event) {
    const bool reason = event == Event::not_created || event == Event::proven_absent ||
                        event == Event::resubmit || event == Event::task_failed_again ||
                        event == Event::retry || event == Event::retry_blocked;
    if (reason) record.bought_for = event;
}

void settle_flags(JobRecord& record, State from, Event event) {
    if (event == Event::cancel && record.state == from) record.cancel_waits = true;
    if (!proto::lets_cancel_wait(record.state)) record.cancel_waits = false;
    if (record.state != State::running && record.state != State::canceling) record.overdue = false;
    if (record.state != State::held) record.unsent = false;
    if (event == Event::fetched) record.partial = false;
    if (event == Event::fetched_some) record.partial = true;
    if (record.state == State::succeeded && !record.partial) record.failure.reset();
}

void count_in_batch(Turn& turn, const JobRecord& record, State from) {
    BatchView* batch = turn.plan.batch(record.batch);
    if (batch == nullptr) return;
    auto& counts = batch->by_state;
    if (from != State::absent) --counts[static_cast<std::size_t>(from)];
    if (record.state != State::absent) ++counts[static_cast<std::size_t>(record.state)];
    std::uint64_t open = 0;
    for (std::size_t state = 0; state < counts.size(); ++state) {
        if (!proto::is_terminal(static_cast<State>(state))) open += counts[state];
    }
    if (open != 0) {
        batch->ended_at.reset();
    } else if (!batch->ended_at) {
        batch->ended_at = turn.now;
    }
}

void reindex(Turn& turn, const JobRecord& record, State from, std::optional<proto::Instant> ended) {
    const bool ended_before = proto::is_terminal(from);
    const bool ends = proto::is_terminal(record.state);
    if (from != State::absent && from != record.state) turn.plan.del(keys::state(from, record.seq));
    if (ended_before && ended != record.finished_at) {
        turn.plan.del(keys::ended(*ended, record.seq));
    }
    if (record.state == State::absent) return;
    turn.plan.put(keys::state(record.state, record.seq), encode(index_row(record)));
    if (ends) turn.plan.put(keys::ended(*record.finished_at, record.seq), {});
}

void count(Turn& turn, const JobRecord& record, State from) {
    auto& counts = turn.memory.by_state;
    if (from != State::absent) --counts[static_cast<std::size_t>(from)];
    if (record.state != State::absent) ++counts[static_cast<std::size_t>(record.state)];
    turn.memory.oldest.lower(record.state, record.seq);
    if (record.state != from) ++turn.memory.entered[static_cast<std::size_t>(record.state)];
    if (record.batch) count_in_batch(turn, record, from);
}

/// Its slot is kept for the case that the upstream still works, not because it is known to.
bool is_held(State state) {
    return state == State::held || state == State::unknown;
}

/// Who waits for whom is written down as long as one is blocked; and those that wait for one
/// that has ended are looked at in the next turn.
void settle_waits(Turn& turn, const JobRecord& record, State from) {
    if (from != State::blocked && record.state == State::blocked) note_awaited(turn, record);
    if (from == State::blocked && record.state != State::blocked) forget_awaited(turn, record);
    const bool ends = proto::is_terminal(record.state) && !proto::is_terminal(from);
    const auto blocked = static_cast<std::size_t>(State::blocked);
    if (ends && turn.memory.by_state[blocked] != 0)
        turn.memory.ended.emplace_back(record.seq, proto::JobSeq{0});
}

/// An idempotency row outlives what it made by the retention from its end on.
void time_idempotency(Turn& turn, JobRecord& record) {
    if (record.idempotency.empty()) return;
    const std::string key = keys::idempotency(record.idempotency);
    auto row = turn.plan.row<IdempotencyRow>(key);
    if (!row || row->job != record.seq) {
        record.idempotency.clear();  // its time was over, and the key is free or another job's
        return;
    }
    if (row->ends != proto::Instant{}) {
        turn.plan.del(keys::idempotency_end(row->ends, record.idempotency));
    }
    row->ends = record.finished_at ? *record.finished_at + turn.options.retain_idempotency
                                   : proto::Instant{};
    if (record.finished_at) turn.plan.put(keys::idempotency_end(row->ends, record.idempotency), {});
    turn.plan.put(key, encode(*row));
}

/// A submitter's jobs outside of batches form one group; the top bit keeps it apart from batches.
GroupId group_of(const JobRecord& record) {
    if (record.batch) return record.batch.value;
    std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
    for (const char byte : record.principal) {
        hash = (hash ^ static_cast<std::uint8_t>(byte)) * 0x100000001B3U;
    }
    return hash | (1ULL << 63U);
}

}  // namespace

LaneId lane_id(Turn& turn, LaneKey key) {
    const auto known = turn.memory.lane_ids.find(key);
    if (known != turn.memory.lane_ids.end()) return known->second;
    const auto id = static_cast<LaneId>(turn.memory.lanes.size());
    turn.plan.put(keys::lane(id), encode(key));
    turn.memory.lanes.push_back(key);
    turn.memory.lane_ids.emplace(std::move(key), id);
    return id;
}

IndexRow index_row(const JobRecord& record) {
    IndexRow row;
    row.lane = record.lane;
    row.priority = record.priority;
    row.parked = record.state == State::queued && record.max_cost && !record.quote;
    row.group = group_of(record);
    row.batch = record.batch;
    row.since = record.created_at;
    row.due = record.state == State::fetching ? earliest_expiry(record) : record.ready_at;
    if (record.state == State::held)
        row.due = awaits_evidence(record) ? record.sent_at + late_evidence : proto::Instant{};
    row.deadline = record.deadline.value_or(proto::Instant{});
    return row;
}

proto::Instant earliest_expiry(const JobRecord& record) {
    proto::Instant earliest = proto::never;
    for (const proto::Artifact& artifact : record.artifacts) {
        if (artifact.status == proto::Artifact::Status::open) {
            earliest = std::min(earliest, artifact.source.expires_at);
        }
    }
    return earliest;
}

Cost cost_of(const JobRecord& record) {
    return record.quote ? Cost(record.quote->amount) : std::nullopt;
}

Demand demand_of(const Memory& memory, const JobRecord& record) {
    const LaneKey& lane = memory.lanes.at(record.lane);
    return {lane.provider,   lane.op,   lane.model,     lane.account,
            lane.slot_class, lane.kind, cost_of(record)};
}

const QueueOptions::Op& find_op(const QueueOptions& options, std::string_view name) {
    static const QueueOptions::Op unlisted;
    const auto found = std::find_if(options.ops.begin(), options.ops.end(),
                                    [&](const QueueOptions::Op& op) { return op.name == name; });
    return found == options.ops.end() ? unlisted : *found;
}

const QueueOptions::Op& op_of(const Turn& turn, const JobRecord& record) {
    return find_op(turn.options, turn.memory.lanes.at(record.lane).op);
}

bool cost_forbids(const JobRecord& record) {
    if (!record.max_cost) return false;
    if (!record.quote) return true;
    return record.reserved + record.spent + record.uncertain + record.quote->amount >
           *record.max_cost;
}

void keep_account(Turn& turn, const std::string& account) {
    turn.plan.put(keys::account(account), encode(turn.memory.capacity.state(account)));
}

void give_slot(Turn& turn, proto::JobSeq job, proto::Send send) {
    const auto slot = turn.memory.slots.give({job, send});
    if (!slot) return;
    turn.memory.capacity.give(slot->account, slot->slot_class);
    turn.plan.del(keys::slot(job, send));
}

void mark_held_slots(Memory& memory, proto::JobSeq job, State state) {
    memory.slots.mark_held(job, is_held(state));
}

void place(Turn& turn, const JobRecord& record, proto::Instant due) {
    Memory& memory = turn.memory;
    switch (record.state) {
        case State::queued:
            memory.flights.remove(record.seq);
            place_waiting(turn, record.seq, index_row(record));
            return;
        case State::blocked:
            if (record.deadline)
                memory.agenda.add({*record.deadline, record.seq, 0, Agenda::What::deadline});
            return;
        case State::preparing:
        case State::submitting:
            return;  // found so at a start it waits to be recovered, canceled meanwhile or not
        case State::unknown:
            memory.agenda.add({record.ready_at, record.seq, 0, Agenda::What::unknown_window});
            memory.flights.set(record.seq, WorkKind::reconcile, due, {});
            return;
        case State::running:
        case State::canceling:
            memory.flights.set(record.seq, WorkKind::poll, due, {});
            return;
        case State::fetching:
            memory.flights.set(record.seq, WorkKind::fetch, due, earliest_expiry(record));
            return;
        case State::held:
            if (awaits_evidence(record)) {
                memory.flights.set(record.seq, WorkKind::reconcile, turn.now + late_search, {});
                return;
            }
            [[fallthrough]];
        default:
            memory.flights.remove(record.seq);
            return;
    }
}

bool apply(Turn& turn, JobRecord& record, Event event, const Cause& cause) {
    const auto row = proto::next(record.state, event, record.cancel_waits);
    if (!row) return false;
    const State from = record.state;
    const auto ended = record.finished_at;
    count_send(record, event, row->money, turn.now);
    move_slot(turn, record, row->slot);
    if (event == Event::prepared) take_slot(turn, record);  // its patience counts from the send
    move_money(turn, record, row->money, cause);
    record.state = row->to;
    settle_flags(record, from, event);
    keep_reason(record, event);
    mark_time(record, from, turn.now);
    record.reason = cause.detail;
    if (record.state == State::queued) follow_voice(turn, record);
    give_room(turn, record, from);
    note_doubt(turn, record, from, event);
    // Those behind it in its lane may be cheaper.
    if (from == State::queued) {
        turn.memory.order.reopen(record.lane, group_of(record));
        turn.memory.aside.erase(record);
    }
    if (is_held(from) != is_held(record.state))
        mark_held_slots(turn.memory, record.seq, record.state);
    reindex(turn, record, from, ended);
    count(turn, record, from);
    settle_waits(turn, record, from);
    if (record.finished_at != ended && record.state != State::absent) {
        time_idempotency(turn, record);
        if (record.finished_at) forget_blob_uses(turn, record);
        if (!record.finished_at) note_blob_uses(turn, record);
    }
    turn.plan.append({{},
                      record.seq,
                      record.id,
                      record.batch,
                      turn.now,
                      from,
                      record.state,
                      event,
                      record.send,
                      record.account,
                      cause.detail});
    take_back_send(turn, record, from);
    if (record.state != State::absent) turn.plan.touched(record.seq);
    place(turn, record, cause.due);
    return true;
}

Answer refused(Errc errc, std::string detail) {
    return {errc, std::move(detail), {}};
}

Answer changed(const JobRecord& record, Errc errc) {
    return {errc, {}, Changed{record.state}};
}

}  // namespace genspool::queue
