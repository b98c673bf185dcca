#pragma once

#include "daemon/hooks/hook.hpp"
#include "workers/http.hpp"

namespace genspool::daemon::hooks {

/// What an answer may have at most; nothing of it is looked at.
inline constexpr std::uint64_t reply_bytes_max = 64U << 10U;

/// How an attempt ended that was one request: a 2xx takes it, 410 says that it has no use, anything
/// else, a redirect too, is a failure; Retry-After is heeded. What the answer says is passed over.
Outcome outcome_of(const workers::HttpReply& reply);

}  // namespace genspool::daemon::hooks
