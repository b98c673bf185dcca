#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "proto/codec.hpp"
#include "workers/tools.hpp"

namespace genspool::workers {

/// How far the upstream's clock is ahead of ours, as this reply tells that has just arrived.
std::optional<proto::Duration> clock_ahead(const proto::Reply& reply, proto::Instant now);

/// Tells the queue where that has changed at this account, or was not told since the start. Without
/// it a task in the upstream's list could not be told from one of another time after somebody has
/// set our clock.
boost::asio::awaitable<void> note_clock(Tools& tools, std::string account,
                                        std::optional<proto::Duration> ahead);

}  // namespace genspool::workers
