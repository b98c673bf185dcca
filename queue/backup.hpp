#pragma once

#include <cstdint>

#include "proto/ids.hpp"
#include "proto/time.hpp"
#include "queue/rocksdb_store.hpp"

namespace genspool::queue {

/// What a copy of the database holds.
struct BackedUp {
    proto::Instant at{};  ///< when it was made, as the copy itself says it
    proto::EventSeq last_event;
    std::uint64_t generation = 1;
};

/// Copies the database to `copy.path`, which must not exist, and writes into the copy that it is
/// one: whatever starts on it begins paused. Commits go on meanwhile; the copy holds all of them up
/// to some moment during the call. Blocking; any thread. Throws StoreFailed: then there is no whole
/// copy, and no harm is done to the database.
BackedUp back_up(const Store& store, const StoreOptions& copy, proto::Instant now);

}  // namespace genspool::queue
