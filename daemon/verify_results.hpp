#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "queue/rocksdb_store.hpp"
#include "workers/state_files.hpp"

namespace genspool::daemon {

/// What a check of the result files found.
struct ResultsVerdict {
    std::vector<std::string> broken;  ///< one sentence for each broken promise
    std::uint64_t batches = 0;        ///< that have result files
    std::uint64_t lines = 0;
};

/// Holds results/ against the event log: every line that counts is one of the batch's own, each job
/// whose end has been read there has the line of its last end, and NAME.done is there when it
/// should be. What the writer had not read yet is not asked for. Rows that cannot be read are
/// passed over: queue::verify() names them.
ResultsVerdict verify_results(const queue::Store& store, const workers::StateFiles& files);

}  // namespace genspool::daemon
