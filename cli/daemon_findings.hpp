#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/finding.hpp"

/// What the doctor finds by asking the daemon that runs.
namespace genspool::cli {

/// Whether it can be reached, and what to do where it cannot. `stats` gets what it said; empty: it
/// said nothing.
Findings look_for_daemon(Context& context, const std::string& config, std::string& stats);

/// What keeps a daemon that runs from buying: a pause, the disk, accounts, budgets, jobs that wait
/// for a person.
Findings look_at_daemon(Context& context, const std::string& stats);

/// Asks it to try the keys of its accounts upstream, by calls that cost nothing; but not of those
/// in `tried`.
Findings look_at_keys(Context& context, const std::vector<std::string>& tried);

}  // namespace genspool::cli
