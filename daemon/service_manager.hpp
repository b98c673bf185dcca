#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "workers/clock.hpp"

namespace genspool::daemon {

/// What is told to systemd. Nothing happens where no service manager listens ($NOTIFY_SOCKET).
/// Event-loop thread.
namespace service_manager {

void ready(const std::string& status);
void stopping(const std::string& status);
void status(const std::string& text);

/// Pets the watchdog, if there is one, at half of its time, until cancelled. That it runs at all
/// proves that the event loop turns.
boost::asio::awaitable<void> pet_watchdog(workers::Clock& clock);

/// Asks for more time to stop, again and again until cancelled.
boost::asio::awaitable<void> ask_for_time(workers::Clock& clock);

}  // namespace service_manager
}  // namespace genspool::daemon
