#pragma once

#include <boost/asio/awaitable.hpp>

#include "proto/time.hpp"

namespace genspool::workers {

/// The seam for time. The real one follows the wall clock; the simulated one is moved by the test.
/// Event-loop thread only.
class Clock {
public:
    virtual ~Clock() = default;

    /// The wall clock, in UTC.
    virtual proto::Instant now() const = 0;

    /// Returns when now() has reached `due` (true), or early when the waiting coroutine was
    /// cancelled or wake() was called for its sleeper (false). Never throws on cancellation.
    virtual boost::asio::awaitable<bool> sleep_until(proto::Instant due) = 0;
};

}  // namespace genspool::workers
