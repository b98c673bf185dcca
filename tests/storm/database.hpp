#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "queue/views.hpp"

/// What stands in a database that no daemon has open.
namespace genspool::tests {

/// How many jobs are in `state`.
std::uint64_t jobs_on_disk(const std::string& database, proto::State state);

/// The whole event log, oldest first.
std::vector<queue::EventRecord> events_on_disk(const std::string& database);

/// One sentence for each promise that the database breaks.
std::vector<std::string> broken_promises(const std::string& database);

}  // namespace genspool::tests
