#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "proto/time.hpp"
#include "workers/clock.hpp"

namespace genspool::daemon {

/// What is told to systemd. Nothing happens where no service manager listens ($NOTIFY_SOCKET).
/// Event-loop thread.
namespace service_manager {

/// The start is over, or a reload is.
void ready();
/// The configuration is being read anew; ready() follows in any case.
void reloading();
void stopping();
/// One line for people.
void status(const std::string& text);
void feed_watchdog();

/// How often the watchdog is to be fed: twice in its time. nullopt: there is none.
std::optional<proto::Duration> watchdog_pace();

/// Asks for more time to stop, again and again until cancelled.
boost::asio::awaitable<void> ask_for_time(workers::Clock& clock);

}  // namespace service_manager
}  // namespace genspool::daemon
