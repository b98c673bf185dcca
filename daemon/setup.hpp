#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "daemon/config.hpp"
#include "daemon/inbox.hpp"
#include "daemon/results.hpp"
#include "daemon/state_directory.hpp"
#include "queue/account.hpp"
#include "queue/queue.hpp"
#include "workers/accounts.hpp"
#include "workers/engine_options.hpp"

/// The configuration, and the state directory, in the words of those who are set up from them.
namespace genspool::daemon {

queue::QueueOptions queue_options(const Config& config, const proto::Registry& registry);

/// Accounts with equal keys of one provider form a group. Its name is a salted hash of the key: it
/// changes with the key, whatever accounts bear it, and says nothing of it without the salt, which
/// the queue never sees. `salt`: see StateDirectory::key_salt().
queue::Configure queue_setup(const Config& config, std::string_view salt);

/// With their keys, for the engine alone. From `callback_secret` each has a secret of its own in
/// the address at which its upstream may call back; empty: none is told of one.
std::shared_ptr<const workers::Accounts> accounts_of(const Config& config,
                                                     std::string_view callback_secret = {});

InboxOptions inbox_options(const Config& config);

ResultsOptions results_options(const StateDirectory& state);

workers::EngineOptions engine_options(const Config& config);

}  // namespace genspool::daemon
