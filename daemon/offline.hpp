#pragma once

#include <iosfwd>
#include <string>

#include "daemon/program.hpp"

/// What genspoold tells of a state directory in which no daemon works. `genspool verify` and
/// `genspool ledger --dir` run these and put the JSON for people: only the daemon's side may know
/// the database.
namespace genspool::daemon {

struct OfflineOptions {
    std::string verify;                 ///< the state directory to check, or
    std::string ledger;                 ///< the one to read the ledger of
    std::string target = "/v1/ledger";  ///< of the ledger: what would be asked of the daemon
    bool quick = false;                 ///< verify: lengths only, no hashes

    bool wanted() const { return !verify.empty() || !ledger.empty(); }
};

/// Writes JSON to `out`, one object a line, or one sentence to `err`; the exit code is genspool's:
/// failed where promises are broken, not_found, not_allowed, usage.
ExitCode run_offline(const OfflineOptions& options, std::ostream& out, std::ostream& err);

}  // namespace genspool::daemon
