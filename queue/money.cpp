#include "queue/money.hpp"

#include "queue/keys.hpp"

namespace genspool::queue {
namespace {

using proto::JobRecord;
using proto::Micros;
using proto::MoneyMove;
using Status = LedgerRow::Status;

void add_to_totals(Turn& turn, const LedgerRow& row, const TotalRow& delta) {
    const auto unit = static_cast<std::uint8_t>(row.amount.unit);
    const std::string day = proto::format_day(row.at);
    turn.plan.add_total(keys::total('d', day, {}, unit), delta);
    turn.plan.add_total(keys::total('a', day, row.account, unit), delta);
    if (row.batch) turn.plan.add_total(keys::batch_total(row.batch, unit), delta);
    const Micros more = delta.reserved + delta.spent + delta.uncertain;
    turn.memory.capacity.budgets().add(row.account, {more, row.amount.unit}, row.at, turn.now);
    // What comes free may be enough for somebody who waits for it.
    if (more < 0) turn.memory.order.reopen_all();
}

/// What a row of this status adds to each sum.
TotalRow share(Status status, Micros amount) {
    switch (status) {
        case Status::reserved:
            return {amount, 0, 0};
        case Status::spent:
            return {0, amount, 0};
        case Status::uncertain:
            return {0, 0, amount};
        case Status::released:
            return {};
    }
    return {};
}

void settle(Turn& turn, JobRecord& record, Status to) {
    const std::string key = keys::ledger(record.seq, record.send);
    auto row = turn.plan.row<LedgerRow>(key);
    if (!row || row->status == to) return;
    // What was spent stays spent. A released row can still turn out to have been bought: by a task
    // that a person adopts after all.
    if (row->status == Status::spent) return;
    if (row->status == Status::released && to != Status::spent) return;
    const TotalRow before = share(row->status, row->amount.amount);
    const TotalRow after = share(to, row->amount.amount);
    const TotalRow delta{after.reserved - before.reserved, after.spent - before.spent,
                         after.uncertain - before.uncertain};
    row->status = to;
    turn.plan.put(key, encode(*row));
    record.reserved += delta.reserved;
    record.spent += delta.spent;
    record.uncertain += delta.uncertain;
    add_to_totals(turn, *row, delta);
}

void reserve(Turn& turn, JobRecord& record) {
    LedgerRow row;
    row.job = record.seq;
    row.send = record.send;
    row.amount = record.quote.value_or(proto::Money{});
    row.account = record.account;
    row.op = turn.memory.lanes.at(record.lane).op;
    row.batch = record.batch;
    row.at = turn.now;
    row.why = record.bought_for;
    row.id = record.id;
    turn.plan.put(keys::ledger(row.job, row.send), encode(row));
    const TotalRow delta = share(Status::reserved, row.amount.amount);
    record.reserved += delta.reserved;
    add_to_totals(turn, row, delta);
}

Status told(const Cause& cause) {
    return cause.unbilled ? Status::released : Status::spent;
}

}  // namespace

std::optional<Gate> batch_budget_gate(Turn& turn, const JobRecord& record) {
    const BatchView* const known = record.batch ? turn.plan.batch(record.batch) : nullptr;
    if (known == nullptr || !known->budget) return std::nullopt;
    BatchView batch = *known;
    batch.unit = record.quote ? record.quote->unit : proto::Unit::none;
    const TotalRow total =
        turn.plan.total(keys::batch_total(batch.seq, static_cast<std::uint8_t>(batch.unit)));
    batch.spent = total.spent;
    batch.reserved = total.reserved;
    batch.uncertain = total.uncertain;
    return budget_gate(batch, cost_of(record));
}

void move_money(Turn& turn, JobRecord& record, MoneyMove move, const Cause& cause) {
    switch (move) {
        case MoneyMove::none:
        case MoneyMove::quote:
            return;
        case MoneyMove::reserve:
            return reserve(turn, record);
        case MoneyMove::spend:
            return settle(turn, record, Status::spent);
        case MoneyMove::release:
            return settle(turn, record, Status::released);
        case MoneyMove::uncertain:
            return settle(turn, record, Status::uncertain);
        case MoneyMove::as_told:
            return settle(turn, record, told(cause));
        case MoneyMove::as_billed:
            return settle(turn, record, cause.billed ? Status::spent : Status::uncertain);
        case MoneyMove::as_canceled:
            return settle(turn, record, cause.unclear ? Status::uncertain : told(cause));
    }
}

}  // namespace genspool::queue
