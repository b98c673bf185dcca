#include "daemon/stop_signals.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>

using namespace genspool;

namespace {

namespace asio = boost::asio;

asio::awaitable<void> wait(daemon::StopSignals& signals, bool& asked) {
    co_await signals.wait_for_stop();
    asked = true;
}

}  // namespace

TEST_CASE("a SIGHUP neither stops nor uses up the ear for a second signal") {
    asio::io_context io;
    daemon::StopSignals signals(io.get_executor());
    bool asked = false;
    int hurried = 0;
    asio::co_spawn(io, wait(signals, asked), [](const std::exception_ptr&) {});
    io.poll();

    ::raise(SIGHUP);
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
}
