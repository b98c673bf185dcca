#pragma once

#include <string>

#include "queue/account.hpp"

namespace genspool::daemon {

/// An account as JSON: slots, limits, quarantines, today's money. Never its key.
std::string account_text(const queue::AccountView& account);

}  // namespace genspool::daemon
