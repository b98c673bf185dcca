#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>

#include "workers/clock.hpp"
#include "workers/sleepers.hpp"

namespace genspool::tests {

/// A clock that the test moves. Coroutines run in the same order in every run. Hours cost nothing:
/// time passes only when everybody waits for it.
class SimClock : public workers::Clock {
public:
    SimClock(boost::asio::io_context& io, proto::Instant start);

    proto::Instant now() const override { return now_; }
    boost::asio::awaitable<bool> sleep_until(proto::Instant due) override;

    /// When the next sleeper is due; nullopt if there is none, or only such as wait for `never`.
    std::optional<proto::Instant> next() const;

    /// Moves now() to the earliest sleeper's moment and wakes it; false if next() has none. Time
    /// does not go back for a sleeper that is overdue.
    bool step();

    /// Runs what is ready until nothing is. Time stands still.
    void settle();

    /// Settles and steps until nobody waits for a moment.
    void run();

    /// Settles and steps until `done` holds or nobody waits for a moment. Answers done().
    bool run_until(const std::function<bool()>& done);

    /// Lets time pass up to `at`, waking everybody on the way, and stands there.
    void advance_to(proto::Instant at);
    void advance(proto::Duration span) { advance_to(now_ + span); }

    /// The wall clock jumps, forward or back. Nobody is woken by that alone: who is overdue then
    /// wakes at the next step, as with a real clock that is looked at now and then.
    void jump(proto::Duration by) { now_ += by; }

private:
    boost::asio::io_context& io_;
    proto::Instant now_;
    workers::Sleepers sleepers_;
};

}  // namespace genspool::tests
