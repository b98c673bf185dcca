#pragma once

#include <string>
#include <vector>

#include "queue/rocksdb_store.hpp"
#include "queue/views.hpp"

/// The ledger straight from the database, as Reader shows it: the queue's thread reads so, and
/// whoever looks into a database that no daemon has open. Corrupt rows throw StoreFailed.
namespace genspool::queue {

LedgerPage read_ledger(const Store& store, const LedgerFilter& filter, proto::JobSeq after,
                       std::size_t limit);

LedgerTotals read_ledger_totals(const Store& store, const TotalsFilter& filter, std::size_t limit);

}  // namespace genspool::queue
