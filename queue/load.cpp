#include "queue/keys.hpp"
#include "queue/ledger.hpp"
#include "queue/turn.hpp"

namespace genspool::queue {
namespace {

using proto::State;

void for_family(Turn& turn, char family,
                const std::function<void(std::string_view key, std::string_view value)>& row) {
    turn.store.scan(keys::family_begin(family), keys::family_end(family),
                    [&](std::string_view key, std::string_view value) {
                        row(key, value);
                        return true;
                    });
}

template <class Row>
Row must(std::string_view value) {
    auto row = decode<Row>(value);
    if (!row) throw StoreFailed("a corrupt row");
    return std::move(*row);
}

void load_lanes(Turn& turn) {
    for_family(turn, keys::lane_family, [&](std::string_view, std::string_view value) {
        auto key = must<LaneKey>(value);
        turn.memory.lane_ids.emplace(key, static_cast<LaneId>(turn.memory.lanes.size()));
        turn.memory.lanes.push_back(std::move(key));
    });
}

void load_accounts(Turn& turn) {
    for_family(turn, keys::account_family, [&](std::string_view key, std::string_view value) {
        turn.memory.capacity.restore(std::string(key.substr(1)), must<AccountState>(value));
    });
    for_family(turn, keys::slot_family, [&](std::string_view key, std::string_view value) {
        const proto::JobSeq job{keys::get_u64(key, 1)};
        const proto::Send send = keys::get_u32(key, 9);
        const auto slot = must<SlotRow>(value);
        turn.memory.capacity.take(slot.account, slot.slot_class);
        turn.memory.agenda.add({slot.expires, job, send, Agenda::What::slot});
        turn.memory.slots.take({job, send}, slot);
    });
}

/// What of the day's budgets is used.
void load_budgets(Turn& turn) {
    const std::string day = proto::format_day(turn.now);
    for (const LedgerTotal& total : read_ledger_totals(turn.store, {day, day, {}}, SIZE_MAX).totals)
        turn.memory.capacity.budgets().add(
            total.account, {total.reserved + total.spent + total.uncertain, total.unit}, turn.now,
            turn.now);
}

void load_batches(Turn& turn) {
    for_family(turn, keys::batch_family, [&](std::string_view, std::string_view value) {
        const auto batch = must<BatchView>(value);
        if (batch.sealed) {
            for (std::size_t state = 0; state < batch.by_state.size(); ++state) {
                turn.memory.by_state[state] += batch.by_state[state];
            }
        } else if (batch.source == BatchSource::inbox) {
            turn.memory.unsealed.insert(batch.seq);
        } else {
            turn.memory.dropping.insert(batch.seq);
        }
    });
}

void load_cursors(Turn& turn) {
    for_family(turn, keys::cursor_family, [&](std::string_view key, std::string_view value) {
        Memory::Cursor& cursor = turn.memory.cursors[std::string(key.substr(1))];
        cursor.upto.value = cursor.done.value = keys::get_u64(value, 0);
        // Rows of earlier programs end here.
        if (value.size() > 8) cursor.done.value = keys::get_u64(value, 8);
    });
    turn.memory.first_event.value = turn.memory.counters.next_event;
    turn.store.scan(keys::family_begin(keys::event_family), keys::family_end(keys::event_family),
                    [&](std::string_view key, std::string_view) {
                        turn.memory.first_event.value = keys::get_u64(key, 1);
                        return false;
                    });
}

void place_found(Turn& turn, State state, proto::JobSeq job, const IndexRow& row) {
    Memory& memory = turn.memory;
    switch (state) {
        case State::queued:
            place_waiting(turn, job, row);
            return;
        case State::held:
            mark_held_slots(memory, job, state);
            if (row.due > turn.now) memory.flights.set(job, WorkKind::reconcile, turn.now, {});
            return;
        case State::preparing:
        case State::submitting:
            memory.flights.set(job, WorkKind::recover, turn.now, {});
            return;
        case State::unknown:
            mark_held_slots(memory, job, state);
            memory.agenda.add({row.due, job, 0, Agenda::What::unknown_window});
            memory.flights.set(job, WorkKind::reconcile, turn.now, {});
            return;
        case State::running:
        case State::canceling:
            memory.flights.set(job, WorkKind::poll, turn.now, {});
            return;
        case State::fetching:
            memory.flights.set(job, WorkKind::fetch, turn.now, row.due);
            return;
        default:
            return;
    }
}

void load_jobs(Turn& turn) {
    for (std::size_t number = 1; number < proto::state_count; ++number) {
        const auto state = static_cast<State>(number);
        std::uint64_t alone = 0;
        const std::string last = keys::state(static_cast<State>(number + 1), {0});
        turn.store.scan(keys::state(state, {0}), last,
                        [&](std::string_view key, std::string_view value) {
                            const auto row = must<IndexRow>(value);
                            if (!row.batch) ++alone;
                            if (!turn.memory.visible(row.batch)) return true;
                            place_found(turn, state, {keys::get_u64(key, 2)}, row);
                            return true;
                        });
        turn.memory.by_state[number] += alone;
    }
}

}  // namespace

void place_waiting(Turn& turn, proto::JobSeq job, const IndexRow& row) {
    Memory& memory = turn.memory;
    if (row.deadline != proto::Instant{}) {
        memory.agenda.add({row.deadline, job, 0, Agenda::What::deadline});
    }
    if (row.parked) return;
    if (row.due > turn.now) {
        memory.agenda.add({row.due, job, 0, Agenda::What::ready});
    } else {
        memory.order.push(row.lane, row.priority, row.group, {job, row.since});
    }
}

void load(Turn& turn) {
    Memory& memory = turn.memory;
    memory.fetches_since = turn.now;
    if (const auto pause = turn.plan.row<PauseRow>(keys::meta("pause"))) memory.pause = *pause;
    load_lanes(turn);
    load_batches(turn);
    load_accounts(turn);
    load_budgets(turn);
    load_cursors(turn);
    load_completions(turn);
    load_jobs(turn);
    if (memory.by_state[static_cast<std::size_t>(State::blocked)] != 0)
        memory.unseen.push_back({{0}, {memory.counters.next_job}, {}});
}

}  // namespace genspool::queue
