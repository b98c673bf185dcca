#pragma once

#include <string>
#include <string_view>

#include "queue/account.hpp"

namespace genspool::daemon {

/// How it stands, in one word: ok, limited, quarantined, broken, paused, missing.
std::string_view health_of(const queue::AccountView& account);

/// An account as JSON: slots, limits, quarantines, today's money. Never its key.
std::string account_text(const queue::AccountView& account);

}  // namespace genspool::daemon
