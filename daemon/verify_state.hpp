#pragma once

#include <string>
#include <vector>

#include "daemon/verify_results.hpp"
#include "queue/verify.hpp"
#include "workers/verify_files.hpp"

namespace genspool::daemon {

/// What a check of a whole state directory found.
struct StateVerdict {
    queue::Verdict database;
    workers::FilesVerdict files;
    ResultsVerdict results;
    bool hashed = false;  ///< artifacts and spooled replies were read, not only measured

    /// One sentence for each broken promise.
    std::vector<std::string> broken() const;
};

/// Checks a state directory in which no daemon works: its database, artifacts, spool and result
/// files against each other. Changes nothing. Throws NotIdle. What makes the database unreadable is
/// a broken promise.
StateVerdict verify_state(const std::string& directory, bool hash);

/// The verdict as one line of JSON.
std::string verdict_text(const std::string& directory, const StateVerdict& verdict);

}  // namespace genspool::daemon
