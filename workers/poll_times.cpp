#include "workers/poll_times.hpp"

#include <algorithm>

#include "queue/backoff.hpp"

namespace genspool::workers {

namespace {

constexpr proto::Duration fetch_base{5'000};
constexpr proto::Duration fetch_cap{600'000};

proto::Duration bounded(proto::Duration interval, const PollBounds& bounds) {
    if (bounds.min) interval = std::max(interval, *bounds.min);
    if (bounds.max) interval = std::min(interval, *bounds.max);
    return std::max(interval, proto::Duration(0));
}

/// Ten per cent more or less.
proto::Duration scattered(proto::Duration interval, queue::Random& random) {
    const auto tenth = interval.count() / 10;
    const auto chance = random.below(static_cast<std::uint64_t>(2 * tenth + 1));
    return interval - proto::Duration(tenth) + proto::Duration(chance);
}

}  // namespace

proto::Instant first_poll(const proto::PollSchedule& schedule, const PollBounds& bounds,
                          proto::Instant now, queue::Random& random) {
    return now + scattered(bounded(schedule.first, bounds), random);
}

proto::Instant next_poll(const proto::PollSchedule& schedule, const PollBounds& bounds,
                         proto::Instant sent_at, bool overdue, proto::Instant now,
                         queue::Random& random) {
    if (overdue) return now + scattered(overdue_poll, random);
    const proto::Duration so_far = std::max(now - sent_at, proto::Duration(0));
    const proto::Duration max = std::max(schedule.min, schedule.max);
    const proto::Duration interval = std::clamp(so_far / 2, schedule.min, max);
    return now + scattered(bounded(interval, bounds), random);
}

proto::Instant next_fetch(std::uint32_t troubles, proto::Instant now, queue::Random& random) {
    const proto::Duration ceiling = queue::backoff_ceiling(troubles + 1, fetch_base, fetch_cap);
    const auto half = static_cast<std::uint64_t>(ceiling.count() / 2);
    return now + ceiling / 2 + proto::Duration(random.below(half + 1));
}

}  // namespace genspool::workers
