#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>

#include "queue/queue.hpp"
#include "workers/clock.hpp"

namespace genspool::daemon {

/// What a status line is made of, beside the queue's own numbers.
struct StatusFacts {
    std::size_t accounts = 0;
    bool stopping = false;
    std::string notice;  ///< for whoever asked for a reload last; empty: nothing is to be said
};

/// One line for `systemctl status`: what is in the way first, then the counts.
std::string status_line(const queue::Stats& stats, const StatusFacts& facts);

/// Keeps that line fresh with the service manager. Event-loop thread.
class ServiceStatus {
public:
    /// `facts` outlives this, and is read at each turn.
    ServiceStatus(queue::Queue& queue, workers::Clock& clock, const StatusFacts& facts);

    /// Looks every ten seconds, and tells what has changed, until cancelled.
    boost::asio::awaitable<void> run();
    /// At once.
    boost::asio::awaitable<void> tell();

private:
    queue::Queue& queue_;
    workers::Clock& clock_;
    const StatusFacts& facts_;
    std::string told_;
};

}  // namespace genspool::daemon
