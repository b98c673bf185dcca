#include "workers/poll_times.hpp"

#include <algorithm>

#include "queue/backoff.hpp"

namespace genspool::workers {

namespace {

constexpr proto::Duration fetch_base{5'000};
constexpr proto::Duration fetch_cap{600'000};
constexpr proto::Duration search_min{5'000};
constexpr proto::Duration search_max{60'000};
constexpr proto::Duration held_search{600'000};

proto::Duration bounded(proto::Duration interval, const PollBounds& bounds) {
    if (bounds.min) interval = std::max(interval, *bounds.min);
    if (bounds.max) interval = std::min(interval, *bounds.max);
    return std::max(interval, proto::Duration(0));
}

/// Ten per cent more or less, on a grid of a two-hundredth of the interval: of many thousand tasks
/// some are then asked for at one moment, with one wake-up of all that takes part in it.
proto::Instant scattered(proto::Instant now, proto::Duration interval, queue::Random& random) {
    const auto tenth = interval.count() / 10;
    const auto grid = std::max<proto::Duration::rep>(interval.count() / 200, 1);
    const auto chance = random.below(static_cast<std::uint64_t>(2 * tenth - grid + 2));
    const proto::Instant at = now + interval - proto::Duration(tenth) +
                              proto::Duration(static_cast<proto::Duration::rep>(chance));
    const auto beyond = at.time_since_epoch().count() % grid;
    return beyond == 0 ? at : at + proto::Duration(grid - beyond);
}

}  // namespace

proto::Instant first_poll(const proto::PollSchedule& schedule, const PollBounds& bounds,
                          proto::Instant now, queue::Random& random) {
    return scattered(now, bounded(schedule.first, bounds), random);
}

proto::Instant next_poll(const proto::PollSchedule& schedule, const PollBounds& bounds,
                         proto::Instant sent_at, bool overdue, proto::Instant now,
                         queue::Random& random) {
    if (overdue) return scattered(now, overdue_poll, random);
    const proto::Duration so_far = std::max(now - sent_at, proto::Duration(0));
    const proto::Duration max = std::max(schedule.min, schedule.max);
    const proto::Duration interval = std::clamp(so_far / 2, schedule.min, max);
    return scattered(now, bounded(interval, bounds), random);
}

proto::Instant next_search(proto::Instant sent_at, bool held, proto::Instant now,
                           queue::Random& random) {
    if (held) return scattered(now, held_search, random);
    const proto::Duration so_far = std::max(now - sent_at, proto::Duration(0));
    return scattered(now, std::clamp(so_far / 2, search_min, search_max), random);
}

proto::Instant next_fetch(std::uint32_t troubles, proto::Instant now, queue::Random& random) {
    const proto::Duration ceiling = queue::backoff_ceiling(troubles + 1, fetch_base, fetch_cap);
    const auto half = static_cast<std::uint64_t>(ceiling.count() / 2);
    return now + ceiling / 2 + proto::Duration(random.below(half + 1));
}

}  // namespace genspool::workers
