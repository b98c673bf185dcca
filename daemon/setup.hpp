#pragma once

#include <memory>
#include <vector>

#include "daemon/config.hpp"
#include "queue/account.hpp"
#include "queue/queue.hpp"
#include "workers/accounts.hpp"
#include "workers/engine_options.hpp"

/// The configuration in the words of those who are set up from it.
namespace genspool::daemon {

queue::QueueOptions queue_options(const Config& config, const proto::Registry& registry);

/// Accounts with equal keys of one provider form a group, named after the first of them: the key
/// itself, or anything made of it, never reaches the queue.
std::vector<queue::AccountSetup> account_setups(const Config& config);

/// With their keys, for the engine alone.
std::shared_ptr<const workers::Accounts> accounts_of(const Config& config);

workers::EngineOptions engine_options(const Config& config);

}  // namespace genspool::daemon
