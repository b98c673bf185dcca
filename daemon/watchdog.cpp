#include "daemon/watchdog.hpp"

#include <algorithm>
#include <utility>

#include "daemon/log.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

Watchdog::Watchdog(workers::Clock& clock, proto::Duration pace, Probe probe,
                   std::function<void()> feed)
    : clock_(clock),
      pace_(pace),
      probe_(std::move(probe)),
      feed_(std::move(feed)),
      meals_max_(std::max<std::int64_t>(patience / pace, 1)) {}

void Watchdog::start(workers::TaskGroup& group) {
    group.spawn("store probe", probe());
    group.spawn("watchdog", feed());
}

asio::awaitable<void> Watchdog::feed() {
    bool go_on = true;
    while (go_on) {
        // Counted, not timed: a clock that jumps is no store that hangs.
        ++meals_;
        if (meals_ <= meals_max_) {
            feed_();
        } else if (meals_ == meals_max_ + 1) {
            log(Level::error, "store_silent",
                {{"for", proto::format_duration(patience)},
                 {"effect", "the watchdog is not fed any more: a restart is due"}});
        }
        go_on = co_await clock_.sleep_until(clock_.now() + pace_);
    }
}

asio::awaitable<void> Watchdog::probe() {
    bool go_on = true;
    while (go_on) {
        const StoreHealth health = co_await probe_();
        // A full disk is no reason for a restart.
        if (health != StoreHealth::broken) meals_ = 0;
        go_on = co_await clock_.sleep_until(clock_.now() + pace_);
    }
}

}  // namespace genspool::daemon
