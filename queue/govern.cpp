#include <set>
#include <utility>

#include "queue/keys.hpp"
#include "queue/search.hpp"
#include "queue/settle.hpp"
#include "queue/turn.hpp"
#include "queue/uploads.hpp"

/// The commands that concern no single purchase: pauses, accounts, disk, crashes.
namespace genspool::queue {
namespace {

/// A job that has been on the CPU at so many deaths of the process is held for a person.
constexpr std::uint32_t crashes_max = 5;

/// Whose tasks are asked for seldom while nobody can: the accounts are back.
void hasten_tasks_of(Turn& turn, const std::set<std::string>& accounts) {
    if (accounts.empty()) return;
    turn.memory.slots.each([&](const Slots::Place& place, const SlotRow& slot) {
        if (accounts.contains(slot.account)) turn.memory.flights.hasten(place.first, turn.now);
    });
}

}  // namespace

Answer handle(Turn& turn, const Pause& command) {
    if (command.account.empty()) {
        PauseRow pause;
        if (command.paused) {
            // Why the queue was set back stands until somebody lets it go on.
            pause = {true, command.reason, turn.memory.pause.setback};
        }
        turn.memory.pause = std::move(pause);
        turn.plan.put(keys::meta("pause"), encode(turn.memory.pause));
        return {};
    }
    const bool known = turn.memory.capacity.find(command.account) != nullptr ||
                       turn.plan.get(keys::account(command.account));
    if (!known) return refused(Errc::not_found, "there is no account " + command.account);
    Capacity& capacity = turn.memory.capacity;
    for (const auto& name : capacity.pause(command.account, command.paused, command.reason))
        keep_account(turn, name);
    return {};
}

Answer handle(Turn& turn, const SetDiskGate& command) {
    if (turn.memory.disk >= DiskGate::no_fetch && command.gate < DiskGate::no_fetch)
        turn.memory.fetches_since = turn.now;
    turn.memory.disk = command.gate;
    turn.memory.disk_known = true;
    turn.memory.spare_bytes = command.spare_bytes;
    return {};
}

Answer handle(Turn& turn, const SetBatchBudget& command) {
    BatchView* const batch = turn.plan.batch(command.batch);
    if (batch == nullptr || !turn.memory.visible(command.batch))
        return refused(Errc::not_found, "there is no such batch");
    if (!command.actor.admin && command.actor.principal != batch->principal)
        return refused(Errc::not_owner, "the batch belongs to " + batch->principal);
    batch->budget = command.budget;
    turn.memory.order.reopen_all();
    const auto aside = turn.memory.aside.by_batch.extract(command.batch);
    if (!aside.empty())
        for (const proto::JobSeq job : aside.mapped())
            put_back(turn, job);
    return {};
}

Answer handle(Turn& turn, const Configure& command) {
    turn.memory.capacity.budgets().configure(command.day_budget);
    turn.memory.order.reopen_all();
    for (const proto::JobSeq job : std::exchange(turn.memory.aside.dear, {}))
        put_back(turn, job);
    for (const auto& [lane, jobs] : std::exchange(turn.memory.aside.unpriced, {}))
        for (const proto::JobSeq job : jobs)
            put_back(turn, job);
    hasten_tasks_of(turn, turn.memory.capacity.newcomers(command.accounts));
    for (const std::string& name : turn.memory.capacity.configure(command.accounts, turn.now)) {
        keep_account(turn, name);
        forget_uploads(turn, name);
    }
    return {};
}

void put_note(Turn& turn, const NoteBatch& note) {
    std::string key = keys::note(note.batch, note.name);
    if (note.value.empty()) {
        turn.plan.del(std::move(key));
    } else {
        turn.plan.put(std::move(key), note.value);
    }
}

Answer handle(Turn& turn, const NoteClock& command) {
    Capacity& capacity = turn.memory.capacity;
    const bool known = capacity.find(command.account) != nullptr;
    const proto::Duration ahead(capacity.state(command.account).clock_ahead_ms);
    if (known && clocks_differ(ahead, command.ahead)) {
        capacity.note_clock(command.account, command.ahead, turn.now);
        keep_account(turn, command.account);
    }
    return {};
}

Answer handle(Turn& turn, const SeeAccount& command) {
    if (turn.memory.capacity.see(command.account, command.sight)) turn.memory.order.reopen_all();
    return {};
}

Answer handle(Turn& turn, const Blame& command) {
    proto::JobRecord* record = turn.plan.record(command.job);
    if (record == nullptr || !proto::is_active(record->state)) return {Errc::already, {}, {}};
    ++record->crashes;
    turn.plan.touched(record->seq);
    if (record->crashes < crashes_max) return changed(*record);
    const std::string times = std::to_string(record->crashes);
    record->failure =
        proto::Failure{proto::FailureClass::poison,
                       "poison",
                       "the process died " + times + " times while it worked on this job",
                       true,
                       false,
                       {}};
    apply(turn, *record, proto::Event::poisoned, {record->failure->message});
    return changed(*record);
}

Answer handle(Turn&, const Tick&) {
    return {};
}

}  // namespace genspool::queue
