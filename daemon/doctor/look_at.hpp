#pragma once

#include "daemon/config.hpp"
#include "daemon/doctor/finding.hpp"

/// What the doctor looks at on this machine. None of it changes anything or asks the network.
namespace genspool::daemon {

/// What is wrong with the configuration, or that nothing is.
Findings look_at_config(const ConfigResult& read);

/// What in a sound configuration keeps everything, or one account, from buying: no account, a
/// budget or slots of 0.
Findings look_at_bounds(const Config& config);

/// The account's key: whether it is there, closed to others, and readable to the daemon. Puts the
/// key into `account` where there is one.
Findings look_at_key(AccountConfig& account, const Config& config, const ConfigSources& sources);

/// What to type to put another key in the account's place, and let a daemon that runs know.
std::string put_other_key(const AccountConfig& account, const Config& config);

/// The state directory: its owner, the room on its disk, the inbox.
Findings look_at_state(const Config& config);

}  // namespace genspool::daemon
