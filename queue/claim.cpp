#include <algorithm>
#include <iterator>

#include "proto/record.hpp"
#include "queue/keys.hpp"
#include "queue/money.hpp"
#include "queue/settle.hpp"
#include "queue/turn.hpp"

namespace genspool::queue {
namespace {

/// With more finished jobs than this still to be fetched, buying stops.
constexpr std::size_t fetches_waiting_max = 64;

using proto::JobRecord;
using proto::State;

std::shared_ptr<const proto::JobSpec> load_spec(Turn& turn, proto::JobSeq job) {
    const auto bytes = turn.plan.get(keys::spec(job));
    if (!bytes) throw StoreFailed("a job without its request");
    auto spec = proto::decode_spec(*bytes);
    if (!spec) throw StoreFailed("a corrupt request");
    return std::make_shared<const proto::JobSpec>(std::move(*spec));
}

std::shared_ptr<const proto::CompletionTimes> times_of(const Turn& turn, const JobRecord& record) {
    return turn.memory.completions.find(record.timed_as);
}

/// Whether its query must wait for a place among those that the upstream allows a minute. It has
/// one then, and is not asked again.
bool waits_for_query(Turn& turn, const JobRecord& record) {
    Flights& flights = turn.memory.flights;
    if (flights.has_place(record.seq)) return false;
    const std::string& op = turn.memory.lanes.at(record.lane).op;
    const auto later = turn.memory.capacity.ask_later(record.account, op, turn.now);
    if (later) flights.put_off(record.seq, *later);
    return later.has_value();
}

/// Hands out up to `count` of them; says how many there were to look at.
std::size_t hand_out_some(Turn& turn, WorkKind kind, std::size_t count, std::vector<Work>& work) {
    const std::vector<proto::JobSeq> jobs = turn.memory.flights.take(kind, count, turn.now);
    for (const proto::JobSeq job : jobs) {
        const JobRecord* record = turn.plan.record(job);
        if (record == nullptr) {
            turn.memory.flights.returned(job);
            turn.memory.flights.remove(job);
            continue;
        }
        if (kind == WorkKind::poll && waits_for_query(turn, *record)) continue;
        work.push_back({kind, *record, load_spec(turn, job), times_of(turn, *record)});
    }
    return jobs.size();
}

void hand_out(Turn& turn, WorkKind kind, std::size_t count, std::vector<Work>& work) {
    // Those that are put off make room for others.
    constexpr int rounds_max = 16;
    const std::size_t enough = work.size() + count;
    std::size_t looked = count;
    for (int round = 0; round < rounds_max && looked > 0 && work.size() < enough; ++round)
        looked = hand_out_some(turn, kind, enough - work.size(), work);
}

/// Whether what was waiting in a lane is still the job's own truth.
bool still_waits(const JobRecord& record, const DispatchOrder::Pick& pick, proto::Instant now) {
    return record.state == State::queued && record.lane == pick.lane &&
           record.priority == pick.priority && record.ready_at <= now;
}

/// A budget is in its way, of the batch or of all accounts that are open. Whoever waits behind it
/// in its lane and group waits as well, unless it is one that no money of these budgets lets go.
void put_off(Turn& turn, const JobRecord& record, const DispatchOrder::Pick& pick, bool by_batch) {
    Memory& memory = turn.memory;
    const Cost cost = cost_of(record);
    if (by_batch && (!cost || *cost > *turn.plan.batch(record.batch)->budget)) {
        memory.aside.by_batch[record.batch].insert(record.seq);
    } else if (!by_batch && !cost) {
        memory.aside.unpriced[record.lane].insert(record.seq);
    } else if (!by_batch && !memory.capacity.fits_some_day(demand_of(memory, record))) {
        memory.aside.dear.insert(record.seq);
    } else {
        memory.order.push(pick.lane, pick.priority, pick.group, pick.waiting);
        memory.order.shut(pick.lane, pick.group, by_batch ? std::nullopt : cost);
    }
}

enum class Submission : std::uint8_t { handed_out, skipped, closed };

Submission submit_one(Turn& turn, std::vector<Work>& work) {
    const auto open = [&turn](LaneId lane) {
        return lane_open(turn.memory, turn.options, lane, turn.now, 0);
    };
    const auto pick = turn.memory.order.pop(open, turn.now);
    if (!pick) return Submission::closed;
    JobRecord* record = turn.plan.record(pick->waiting.job);
    if (record == nullptr || !still_waits(*record, *pick, turn.now)) return Submission::skipped;
    if (turn.memory.flights.is_out(record->seq)) {
        // Its last step has not been answered yet; it comes back when it has.
        turn.memory.agenda.add(
            {turn.now + proto::Duration(100), record->seq, 0, Agenda::What::ready});
        return Submission::skipped;
    }
    if (record->deadline && *record->deadline <= turn.now) {
        fail_late(turn, *record);
        return Submission::skipped;
    }
    const Demand demand = demand_of(turn.memory, *record);
    const bool batch_closed = batch_budget_gate(turn, *record).has_value();
    const AccountSetup* account =
        batch_closed ? nullptr : turn.memory.capacity.pick(demand, turn.now);
    if (account == nullptr) {
        // Its lane was open for something cheaper, so it is a budget that keeps it.
        put_off(turn, *record, *pick, batch_closed);
        return Submission::skipped;
    }
    // Room on disk for what it may bring, promised until its reply has been dealt with.
    turn.memory.promised_bytes += op_of(turn, *record).reply_bytes_max;
    record->account = account->name;
    turn.memory.capacity.sent_there(*account, demand, turn.now);
    turn.memory.order.served(pick->group);
    apply(turn, *record,
          record->inputs.empty() ? proto::Event::claimed : proto::Event::claimed_prepare);
    turn.memory.flights.lend(record->seq);
    work.push_back(
        {WorkKind::submit, *record, load_spec(turn, record->seq), times_of(turn, *record)});
    return Submission::handed_out;
}

}  // namespace

bool finished_work_waits(const Memory& memory, proto::Instant now) {
    return memory.flights.fetches_pile_up(fetches_waiting_max, now);
}

bool submitting_allowed(const Memory& memory, proto::Instant now) {
    return !memory.pause.paused && memory.disk == DiskGate::open &&
           !finished_work_waits(memory, now);
}

bool has_room(const Memory& memory, const QueueOptions& options, LaneId lane) {
    const std::uint64_t needed = find_op(options, memory.lanes.at(lane).op).reply_bytes_max;
    return memory.spare_bytes >= needed && memory.promised_bytes <= memory.spare_bytes - needed;
}

bool lane_open(const Memory& memory, const QueueOptions& options, LaneId lane, proto::Instant now,
               Cost cost) {
    if (!has_room(memory, options, lane)) return false;
    const LaneKey& key = memory.lanes.at(lane);
    const Demand demand{key.provider,   key.op,   key.model, key.account,
                        key.slot_class, key.kind, cost};
    return memory.capacity.pick(demand, now) != nullptr;
}

void put_back(Turn& turn, proto::JobSeq job) {
    const auto row = turn.plan.row<IndexRow>(keys::state(State::queued, job));
    if (row) turn.memory.order.push(row->lane, row->priority, row->group, {job, row->since});
}

void reopen_affordable(Turn& turn) {
    Memory& memory = turn.memory;
    memory.order.reopen_where([&turn](LaneId lane, proto::Micros cost) {
        return lane_open(turn.memory, turn.options, lane, turn.now, cost);
    });
    for (auto lane = memory.aside.unpriced.begin(); lane != memory.aside.unpriced.end();) {
        auto& jobs = lane->second;
        if (lane_open(memory, turn.options, lane->first, turn.now, std::nullopt)) {
            put_back(turn, *jobs.begin());
            jobs.erase(jobs.begin());
        }
        lane = jobs.empty() ? memory.aside.unpriced.erase(lane) : std::next(lane);
    }
}

Answer handle(Turn& turn, const Claim& command) {
    Claimed claimed;
    hand_out(turn, WorkKind::recover, command.recoveries, claimed.work);
    if (turn.memory.disk < DiskGate::no_fetch) {
        hand_out(turn, WorkKind::fetch, command.fetches, claimed.work);
    }
    const std::size_t before = claimed.work.size();
    // Neither keeps the other waiting.
    hand_out(turn, WorkKind::reconcile, (command.polls + 1) / 2, claimed.work);
    const std::size_t searches = claimed.work.size() - before;
    hand_out(turn, WorkKind::poll, command.polls - searches, claimed.work);
    // Stale entries are passed over; so many in one claim that it stays short.
    std::uint32_t handed = 0;
    for (std::uint32_t look = 0; look < command.submits + 1'000; ++look) {
        if (handed == command.submits || !submitting_allowed(turn.memory, turn.now)) break;
        const Submission done = submit_one(turn, claimed.work);
        if (done == Submission::closed) break;
        if (done == Submission::handed_out) ++handed;
    }
    return {Errc::ok, {}, std::move(claimed)};
}

}  // namespace genspool::queue
