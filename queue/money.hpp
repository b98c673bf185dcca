#pragma once

#include "queue/turn.hpp"

namespace genspool::queue {

/// Moves this send's ledger row, the job's own sums and the totals by day, account and batch, all
/// in the turn's commit.
void move_money(Turn& turn, proto::JobRecord& record, proto::MoneyMove move, const Cause& cause);

/// Why the budget of its batch has no room for another purchase of this job.
std::optional<Gate> batch_budget_gate(Turn& turn, const proto::JobRecord& record);

}  // namespace genspool::queue
