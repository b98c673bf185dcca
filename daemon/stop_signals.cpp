#include "daemon/stop_signals.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <tuple>
#include <utility>

#include "daemon/log.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

/// Whether it asks for a stop.
bool heed(int signal) {
    if (signal != SIGHUP) return true;
    log(Level::warn, "reload_ignored", {{"effect", "restart to apply a new configuration"}});
    return false;
}

}  // namespace

StopSignals::StopSignals(const asio::any_io_executor& executor)
    : signals_(executor, SIGTERM, SIGINT, SIGHUP) {}

asio::awaitable<void> StopSignals::wait_for_stop() {
    while (true) {
        const auto came = co_await signals_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (std::get<0>(came) || heed(std::get<1>(came))) co_return;
    }
}

void StopSignals::hurry_with(std::function<void()> hurry) {
    hurry_ = std::move(hurry);
    listen();
}

void StopSignals::listen() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
        // A signal may have come in the moment of the end.
        if (error || ended_) return;
        if (heed(signal)) hurry_();
        listen();
    });
}

void StopSignals::end() {
    ended_ = true;
    signals_.cancel();
}

}  // namespace genspool::daemon
