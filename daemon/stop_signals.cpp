#include "daemon/stop_signals.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <tuple>
#include <utility>

namespace genspool::daemon {

namespace asio = boost::asio;

StopSignals::StopSignals(const asio::any_io_executor& executor)
    : signals_(executor, SIGTERM, SIGINT, SIGHUP) {}

asio::awaitable<StopSignals::Wish> StopSignals::next() {
    const auto came = co_await signals_.async_wait(asio::as_tuple(asio::use_awaitable));
    const bool reload = !std::get<0>(came) && std::get<1>(came) == SIGHUP;
    co_return reload ? Wish::reload : Wish::stop;
}

void StopSignals::hurry_with(std::function<void()> hurry) {
    hurry_ = std::move(hurry);
    listen();
}

void StopSignals::listen() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
        // A signal may have come in the moment of the end.
        if (error || ended_) return;
        if (signal != SIGHUP) hurry_();
        listen();
    });
}

void StopSignals::end() {
    ended_ = true;
    signals_.cancel();
}

}  // namespace genspool::daemon
