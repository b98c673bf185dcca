#pragma once

#include <string>
#include <vector>

#include "daemon/config.hpp"

namespace genspool::daemon {

/// What a running daemon makes of a changed configuration.
struct Reload {
    Config config;                   ///< in force from now on
    std::vector<std::string> later;  ///< settings that changed, and take a restart: "disk.reserve"
};

/// Accounts (with their keys and limits), prices, [defaults] and [retry] max_attempts count at
/// once; all else stays as it is running.
Reload plan_reload(const Config& running, const Config& fresh);

}  // namespace genspool::daemon
