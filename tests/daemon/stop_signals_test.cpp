#include "daemon/stop_signals.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>

using namespace genspool;

namespace {

namespace asio = boost::asio;

asio::awaitable<void> wait(daemon::StopSignals& signals, int& reloads, bool& asked) {
    daemon::StopSignals::Wish wish = co_await signals.next();
    while (wish == daemon::StopSignals::Wish::reload) {
        ++reloads;
        wish = co_await signals.next();
    }
    asked = true;
}

}  // namespace

TEST_CASE("a SIGHUP asks for a reload before a stop, and for nothing after it") {
    asio::io_context io;
    daemon::StopSignals signals(io.get_executor());
    bool asked = false;
    int reloads = 0;
    int hurried = 0;
    asio::co_spawn(io, wait(signals, reloads, asked), [](const std::exception_ptr&) {});
    io.poll();

    ::raise(SIGHUP);
    while (reloads == 0)
        io.run_one();
    io.poll();
    CHECK_FALSE(asked);
    ::raise(SIGTERM);
    while (!asked)
        io.run_one();

    signals.hurry_with([&hurried] { ++hurried; });
    io.restart();
    ::raise(SIGHUP);
    ::raise(SIGTERM);
    while (hurried == 0)
        io.run_one();
    ::raise(SIGINT);
    while (hurried == 1)
        io.run_one();

    signals.end();
    io.run();
    CHECK(hurried == 2);
    CHECK(reloads == 1);
}
