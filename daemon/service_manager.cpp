#include "daemon/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <chrono>

namespace genspool::daemon::service_manager {

namespace asio = boost::asio;

namespace {

void tell(const std::string& state) {
    // What it answers changes nothing for us: a daemon works without a service manager, too.
    sd_notify(0, state.c_str());
}

}  // namespace

void ready(const std::string& status_text) {
    tell("READY=1\nSTATUS=" + status_text);
}

void stopping(const std::string& status_text) {
    tell("STOPPING=1\nSTATUS=" + status_text);
}

void status(const std::string& text) {
    tell("STATUS=" + text);
}

asio::awaitable<void> pet_watchdog(workers::Clock& clock) {
    std::uint64_t micros = 0;
    if (sd_watchdog_enabled(0, &micros) <= 0) co_return;
    const auto half = std::chrono::duration_cast<proto::Duration>(
        std::chrono::microseconds{static_cast<std::int64_t>(micros / 2)});
    bool go_on = true;
    while (go_on) {
        tell("WATCHDOG=1");
        go_on = co_await clock.sleep_until(clock.now() + half);
    }
}

asio::awaitable<void> ask_for_time(workers::Clock& clock) {
    bool go_on = true;
    while (go_on) {
        tell("EXTEND_TIMEOUT_USEC=15000000");
        go_on = co_await clock.sleep_until(clock.now() + std::chrono::seconds{5});
    }
}

}  // namespace genspool::daemon::service_manager
