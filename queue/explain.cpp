#include <algorithm>

#include "proto/record.hpp"
#include "queue/keys.hpp"
#include "queue/reader.hpp"
#include "queue/turn.hpp"

/// Every gate that holds a job, for people.
namespace genspool::queue {
namespace {

constexpr std::size_t dependencies_told = 10;

/// One gate for each job that a blocked one waits for still.
std::vector<Gate> dependencies(const Store& store, const std::vector<proto::JobId>& after) {
    std::vector<Gate> gates;
    for (const proto::JobId& job : after) {
        const auto bytes = store.get(keys::record(job.seq()));
        const auto record = bytes ? proto::decode_record(*bytes) : std::nullopt;
        if (!record || record->state == proto::State::succeeded) continue;
        if (gates.size() == dependencies_told) break;
        gates.push_back(
            {"dependency",
             "after " + job.text() + ", which is " + std::string(proto::to_string(record->state)),
             std::nullopt,
             {}});
    }
    return gates;
}

/// Whether it has something left to do where it was bought.
bool is_at_account(const proto::JobRecord& record) {
    switch (record.state) {
        case proto::State::running:
        case proto::State::canceling:
        case proto::State::fetching:
        case proto::State::unknown:
        case proto::State::held:
            return !record.account.empty();
        default:
            return false;
    }
}

/// Adds to a slot gate what a person can do about it: held jobs keep slots that no work needs.
void tell_held(const Memory& memory, const std::string& slot_class, Gate& gate) {
    const AccountSetup* account = memory.capacity.find(gate.account);
    std::vector<proto::Instant> ends;
    memory.slots.each_held([&](const Slots::Place&, const SlotRow& slot) {
        const bool same_key = memory.capacity.state(slot.account).key_group == account->key_group;
        if (same_key && slot.slot_class == slot_class) ends.push_back(slot.expires);
    });
    if (ends.empty()) return;
    std::sort(ends.begin(), ends.end());
    const bool one = ends.size() == 1;
    gate.detail += ", " + std::to_string(ends.size()) +
                   (one ? " of them by a held job" : " of them by held jobs") +
                   " (the first until " + proto::format_rfc3339(ends.front()) +
                   ", or until `genspool resolve` settles it)";
    const auto slots = account->slots.find(slot_class);
    const std::size_t limit = slots == account->slots.end() ? 0 : slots->second;
    const std::size_t taken = memory.capacity.taken_in_group(account->key_group, slot_class);
    if (taken < limit) return;  // fewer are tried just now, and the gate says until when
    const std::size_t over = taken - limit;
    if (ends.size() > over) gate.opens_at = ends[over];
}

}  // namespace

std::optional<Explanation> CoreReader::explain(proto::JobSeq job) const {
    const auto view = visible_job(job);
    if (!view) return std::nullopt;
    const proto::JobRecord& record = view->record;
    const Memory& memory = core_.memory();
    Explanation why{record.state, record.reason, {}, std::nullopt};
    if (record.state == proto::State::blocked)
        why.gates = dependencies(core_.store(), record.after);
    if (is_at_account(record) && memory.capacity.find(record.account) == nullptr)
        why.gates.push_back(account_missing(record.account));
    if (record.state != proto::State::queued) return why;
    if (memory.pause.paused) why.gates.push_back({"pause", memory.pause.reason, std::nullopt, {}});
    if (memory.disk != DiskGate::open || !has_room(memory, core_.options(), record.lane)) {
        why.gates.push_back(
            {"disk", "too little room on the disk to bring more home", std::nullopt, {}});
    }
    if (finished_work_waits(memory, core_.now())) {
        why.gates.push_back(
            {"fetch", "finished work is brought home before more is bought", std::nullopt, {}});
    }
    if (record.ready_at > core_.now()) {
        why.gates.push_back(
            {"time",
             record.backoffs == 0 ? "not before its time" : "backing off: " + record.reason,
             record.ready_at,
             {}});
    }
    if (record.max_cost && !record.quote) why.gates.push_back(price_unknown());
    const Demand demand = demand_of(memory, record);
    if (const auto batch = record.batch ? find_batch(record.batch) : std::nullopt) {
        if (auto gate = budget_gate(*batch, demand.cost)) why.gates.push_back(std::move(*gate));
    }
    for (Gate& gate : memory.capacity.gates(demand, core_.now())) {
        if (gate.name == "slot") tell_held(memory, demand.slot_class, gate);
        why.gates.push_back(std::move(gate));
    }
    const IndexRow row = index_row(record);
    const auto lane = memory.order.lanes().find(row.lane);
    const auto first =
        lane == memory.order.lanes().end() ? std::nullopt : lane->second.first_of_shut(row.group);
    if (first && *first != job) {
        const auto other = this->record(*first);
        why.gates.push_back({"budget",
                             "behind " + (other ? other->id.text() : std::string("a job")) +
                                 " of the same batch or submitter, which waits for money",
                             std::nullopt,
                             {}});
    }
    if (!row.parked && !memory.aside.contains(record)) {
        why.ahead =
            memory.order.ahead_of(row.lane, row.priority, row.group, {job, row.since}, core_.now());
    }
    return why;
}

}  // namespace genspool::queue
