#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/signal_set.hpp>
#include <cstdint>
#include <functional>

namespace genspool::daemon {

/// SIGTERM and SIGINT, which ask for a stop, and ask for haste once it has begun; SIGHUP, which
/// asks for the configuration to be read anew, and for nothing once a stop has begun. Caught for as
/// long as this lives. Event-loop thread; must outlive the loop's run.
class StopSignals {
public:
    explicit StopSignals(const boost::asio::any_io_executor& executor);
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    enum class Wish : std::uint8_t { reload, stop };

    /// The next of them, before a stop.
    boost::asio::awaitable<Wish> next();

    /// Calls `hurry` for each that comes from now on, until end().
    void hurry_with(std::function<void()> hurry);

    /// Listens no more, so that the event loop can end.
    void end();

private:
    void listen();

    boost::asio::signal_set signals_;
    std::function<void()> hurry_;
    bool ended_ = false;
};

}  // namespace genspool::daemon
