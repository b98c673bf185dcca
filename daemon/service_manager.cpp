#include "daemon/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <chrono>

namespace genspool::daemon::service_manager {

namespace asio = boost::asio;

namespace {

void tell(const std::string& state) {
    // What it answers changes nothing for us: a daemon works without a service manager, too.
    sd_notify(0, state.c_str());
}

/// systemd's clock is CLOCK_MONOTONIC, which libstdc++'s steady_clock reads.
std::int64_t monotonic_micros() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

}  // namespace

void ready() {
    tell("READY=1");
}

void reloading() {
    // With the time, which a unit of Type=notify-reload (systemd 253) waits for.
    tell("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_micros()));
}

void stopping() {
    tell("STOPPING=1");
}

void status(const std::string& text) {
    std::string line = text;  // a second line would be read as another word of the protocol
    std::ranges::replace(line, '\n', ' ');
    tell("STATUS=" + line);
}

void feed_watchdog() {
    tell("WATCHDOG=1");
}

std::optional<proto::Duration> watchdog_pace() {
    std::uint64_t micros = 0;
    if (sd_watchdog_enabled(0, &micros) <= 0) return std::nullopt;
    const std::chrono::microseconds half{static_cast<std::int64_t>(micros / 2)};
    return std::max(std::chrono::duration_cast<proto::Duration>(half), proto::Duration{1});
}

asio::awaitable<void> ask_for_time(workers::Clock& clock) {
    bool go_on = true;
    while (go_on) {
        tell("EXTEND_TIMEOUT_USEC=15000000");
        go_on = co_await clock.sleep_until(clock.now() + std::chrono::seconds{5});
    }
}

}  // namespace genspool::daemon::service_manager
