#pragma once

#include <functional>
#include <optional>
#include <string>

#include "daemon/query.hpp"
#include "queue/views.hpp"

/// The ledger as a request asks for it and as it is shown, the same over HTTP and from a directory.
namespace genspool::daemon {

/// A page of rows: from, to, account, batch, job, status, limit, cursor.
struct LedgerQuery {
    queue::LedgerFilter filter;        ///< without the batch
    std::optional<std::string> batch;  ///< as it was written
    proto::JobSeq after;
    std::size_t limit = 0;
};
LedgerQuery read_ledger_query(Query& query);

/// `batch_id`: a batch's id, or empty if it is gone.
std::string ledger_text(const queue::LedgerPage& page,
                        const std::function<std::string(proto::BatchSeq)>& batch_id);

/// A page of sums: from, to, account, limit, cursor.
struct TotalsQuery {
    queue::TotalsFilter filter;
    std::size_t limit = 0;
};
TotalsQuery read_totals_query(Query& query);

std::string totals_text(const queue::LedgerTotals& page);

}  // namespace genspool::daemon
