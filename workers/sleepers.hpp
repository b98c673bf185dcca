#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "proto/time.hpp"

namespace genspool::workers {

/// The coroutines that wait for a moment, ordered by (due, arrival): the same order in every run.
/// It knows no time of its own; a clock asks for the earliest and wakes it. Event-loop thread only.
/// Must outlive the frames that sleep in it; the destructor aborts the process otherwise.
class Sleepers {
public:
    /// `on_change` is called after a sleeper came or went by itself (cancelled), not for wake
    /// calls.
    Sleepers(boost::asio::any_io_executor executor, std::function<void()> on_change);
    ~Sleepers();
    Sleepers(const Sleepers&) = delete;
    Sleepers& operator=(const Sleepers&) = delete;

    /// Waits until woken: true. False if the waiting coroutine is cancelled, or was before the
    /// call. Never throws on cancellation. Even a moment long past waits for its turn to be woken,
    /// so that a loop of such waits cannot starve the others.
    boost::asio::awaitable<bool> sleep_until(proto::Instant due);

    std::optional<proto::Instant> earliest() const;
    bool empty() const { return order_.empty(); }
    std::size_t size() const { return order_.size(); }

    /// Wakes the first in order; nothing if there is none.
    void wake_earliest();
    /// Wakes all that are due at `now`, in order.
    void wake_due(proto::Instant now);

private:
    class Sleeper;
    using Key = std::pair<proto::Instant, std::uint64_t>;

    boost::asio::any_io_executor executor_;
    std::function<void()> on_change_;
    std::map<Key, Sleeper*> order_;
    std::uint64_t arrivals_ = 0;
};

}  // namespace genspool::workers
