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

/// Tasks that are asked for together meet at moments that are the same for all.
proto::Instant placed(const PollRules& rules, proto::Instant now, proto::Duration interval,
                      queue::Random& random) {
    const auto grid = std::min(rules.schedule.shared_floor, interval).count();
    if (!rules.together || grid == 0) return scattered(now, interval, random);
    const auto at = (now + interval).time_since_epoch().count() + grid / 2;
    return proto::Instant(proto::Duration(at - at % grid));
}

bool knows(const PollRules& rules) {
    return rules.times != nullptr && rules.times->tell();
}

/// The part of a time that has passed after which it is worth another look.
int growth(bool shared) {
    return shared ? 16 : 2;
}

/// Not before one of ten may be done; then so often that the time in which most of them end is
/// crossed in a few steps; of what takes longer than nine of ten nobody knows much.
proto::Duration learned_interval(const PollRules& rules, proto::Duration so_far, bool shared) {
    constexpr int steps = 8;
    const proto::Duration floor = rules.schedule.floor;
    const proto::Duration early = rules.times->within(10);
    const proto::Duration late = rules.times->within(90);
    // However long the last ones took: a look now and then finds out that they do no longer.
    const proto::Duration most = 10 * rules.schedule.max;
    if (so_far < early) return std::clamp(early - so_far, floor, std::max(floor, most));
    const proto::Duration step =
        shared ? rules.schedule.shared_floor
               : std::clamp((late - early) / steps, floor, std::max(floor, rules.schedule.max));
    if (so_far < late) return step;
    return std::max(step, std::min(step + (so_far - late) / growth(shared), rules.schedule.max));
}

}  // namespace

PollRules poll_rules(const proto::OpInfo& op, std::shared_ptr<const proto::CompletionTimes> times) {
    return {op.poll, {}, std::move(times), op.poll_many_max > 0};
}

proto::Instant first_poll(const PollRules& rules, proto::Instant now, queue::Random& random) {
    const proto::Duration interval =
        knows(rules) ? learned_interval(rules, proto::Duration(0), false) : rules.schedule.first;
    return placed(rules, now, bounded(interval, rules.bounds), random);
}

proto::Instant next_poll(const PollRules& rules, proto::Instant sent_at, bool shared,
                         proto::Instant now, queue::Random& random) {
    const proto::PollSchedule& schedule = rules.schedule;
    const proto::Duration so_far = std::max(now - sent_at, proto::Duration(0));
    const proto::Duration max = std::max(schedule.min, schedule.max);
    const proto::Duration min = shared ? schedule.shared_floor : schedule.min;
    proto::Duration interval = std::clamp(so_far / growth(shared), min, max);
    if (knows(rules)) interval = learned_interval(rules, so_far, shared);
    return placed(rules, now, bounded(interval, rules.bounds), random);
}

proto::Instant next_slow_poll(const PollRules& rules, proto::Instant now, queue::Random& random) {
    return placed(rules, now, overdue_poll, random);
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
