#pragma once

#include <string>
#include <string_view>

#include "proto/time.hpp"
#include "queue/account.hpp"

namespace genspool::daemon {

/// How it stands, in one word: ok, limited, quarantined, broken (also where its login upstream has
/// run out), paused, missing.
std::string_view health_of(const queue::AccountView& account, proto::Instant now);

/// An account as JSON: slots, limits, quarantines, today's money. Never its key.
std::string account_text(const queue::AccountView& account, proto::Instant now);

}  // namespace genspool::daemon
