#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "queue/rocksdb_store.hpp"
#include "queue/rows.hpp"

namespace genspool::queue {

/// What a check of a database found.
struct Verdict {
    std::vector<std::string> broken;  ///< one sentence for each broken promise; empty: all is well
    std::uint64_t jobs = 0;
    std::array<std::uint64_t, proto::state_count> by_state{};
    std::uint64_t batches = 0;
    std::uint64_t events = 0;
    proto::EventSeq last_event;  ///< the number of the newest; none: nothing has happened yet
    std::uint64_t ledger_rows = 0;
    std::array<std::uint64_t, 4> purchases{};  ///< rows of the ledger by LedgerRow::Status
    std::array<TotalRow, 3> money{};           ///< of all rows, by proto::Unit
    std::uint64_t slots = 0;
    std::uint64_t blobs = 0;
};

/// Holds everything in the database against everything else: indexes against records, events
/// against states and the lifecycle table, slots and ledger against sends, sums against what they
/// sum up, batch counters against members. Reads all of it; changes nothing. Holds some 150 bytes
/// of memory for each job.
Verdict verify(const Store& store);

}  // namespace genspool::queue
