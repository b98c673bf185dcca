#include "workers/real_clock.hpp"

#include <algorithm>

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

/// The longest the wall clock goes unobserved while somebody waits for it.
constexpr proto::Duration look_interval = std::chrono::seconds(60);

}  // namespace

RealClock::RealClock(asio::any_io_executor executor, proto::Instant floor)
    : time_(floor),
      timer_(executor),
      self_(std::make_shared<RealClock*>(this)),
      sleepers_(std::move(executor), [this] { arm(); }) {}

RealClock::~RealClock() = default;

proto::Instant RealClock::now() const {
    return time_.now();
}

asio::awaitable<bool> RealClock::sleep_until(proto::Instant due) {
    return sleepers_.sleep_until(due);
}

void RealClock::arm() {
    const auto earliest = sleepers_.earliest();
    if (!earliest) {
        armed_for_ = proto::never;
        timer_.cancel();
        return;
    }
    // A timer that rings too early does no harm: it is armed again then.
    if (armed_for_ <= *earliest && armed_for_ != proto::never) return;
    const proto::Instant at = now();
    const proto::Duration wait =
        *earliest <= at ? proto::Duration::zero() : std::min(*earliest - at, look_interval);
    armed_for_ = at + wait;
    timer_.expires_after(wait);
    timer_.async_wait(
        [self = std::weak_ptr<RealClock*>(self_)](const boost::system::error_code& error) {
            if (error) return;
            if (const auto clock = self.lock()) (*clock)->ring();
        });
}

void RealClock::ring() {
    armed_for_ = proto::never;
    sleepers_.wake_due(now());
    arm();
}

}  // namespace genspool::workers
