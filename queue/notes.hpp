#pragma once

#include <string>
#include <utility>
#include <vector>

#include "proto/ids.hpp"
#include "queue/rocksdb_store.hpp"

namespace genspool::queue {

/// The notes on a batch (NoteBatch), straight from the database.
std::vector<std::pair<std::string, std::string>> read_notes(const Store& store,
                                                            proto::BatchSeq batch);

}  // namespace genspool::queue
