#include "queue/core.hpp"

#include <algorithm>
#include <utility>

#include "queue/keys.hpp"
#include "queue/migrations.hpp"
#include "queue/setback.hpp"
#include "queue/turn.hpp"

namespace genspool::queue {
namespace {

void name_format(Plan& plan) {
    const std::string key = keys::meta("format");
    if (plan.get(key)) return;
    std::string version;
    keys::put_u64(version, format_version);
    plan.put(key, std::move(version));
}

}  // namespace

Core::Core(Store& store, QueueOptions options, proto::Instant wall, Random& random,
           proto::EventSeq marked)
    : store_(store), options_(std::move(options)) {
    migrate(store_, all_migrations(), format_version);
    Turn turn{store_, Plan(store_, memory_.counters), memory_, options_, wall, random};
    name_format(turn.plan);
    if (const auto counters = turn.plan.row<Counters>(keys::meta("counters"))) {
        memory_.counters = *counters;
    }
    const auto setback = find_setback(turn, marked);
    advance_time(wall);
    turn.now = memory_.counters.now;
    load(turn);
    if (setback) pause_set_back(turn, *setback);
    commit(turn.plan);
}

void Core::advance_time(proto::Instant wall) {
    memory_.counters.now = std::max(memory_.counters.now, wall);
}

void Core::commit(Plan& plan) {
    const std::vector<KeyWrite> writes = plan.finish();
    if (writes.empty()) return;
    store_.commit(writes);
    ++memory_.commits;
}

bool Core::has_work() const {
    const bool fetches_closed = memory_.disk >= DiskGate::no_fetch;
    if (memory_.flights.any_due(memory_.counters.now, fetches_closed)) return true;
    if (!submitting_allowed(memory_, now())) return false;
    return memory_.order.any(
        [this](LaneId lane) { return lane_open(memory_, options_, lane, now(), 0); });
}

proto::Instant Core::wake_at(bool more) const {
    if (more) return now();
    proto::Instant next = std::min(memory_.agenda.next(), memory_.upkeep_at);
    const bool fetches_closed = memory_.disk >= DiskGate::no_fetch;
    const proto::Instant due = memory_.flights.next_due(fetches_closed);
    if (due > now()) next = std::min(next, due);
    const bool waiting = memory_.order.size() != 0 || !memory_.aside.unpriced.empty();
    if (waiting) next = std::min(next, memory_.capacity.next_opening(now()));
    return next;
}

Core::Outcome Core::execute(std::span<const Command> commands, proto::Instant wall,
                            Random& random) {
    advance_time(wall);
    Turn turn{store_, Plan(store_, memory_.counters), memory_, options_, now(), random};
    // First, while the plan is empty: upkeep scans what is on disk, not what is being planned.
    const bool more = run_upkeep(turn);
    run_agenda(turn);
    Outcome outcome;
    outcome.answers.reserve(commands.size());
    for (const Command& command : commands) {
        outcome.answers.push_back(
            std::visit([&turn](const auto& intent) { return handle(turn, intent); }, command));
    }
    reopen_affordable(turn);
    commit(turn.plan);
    memory_.commands += commands.size();
    outcome.last_event.value = memory_.counters.next_event - 1;
    outcome.wake_at = wake_at(more || memory_.upkeep_waits());
    outcome.work = has_work();
    return outcome;
}

}  // namespace genspool::queue
