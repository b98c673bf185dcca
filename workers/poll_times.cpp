#include "workers/poll_times.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "queue/backoff.hpp"

namespace genspool::workers {

namespace {

constexpr proto::Duration fetch_base{5'000};
constexpr proto::Duration fetch_cap{600'000};
constexpr proto::Duration search_min{5'000};
constexpr proto::Duration search_max{60'000};
constexpr proto::Duration held_search{600'000};
constexpr proto::Duration learned_scatter{10'000};

proto::Duration bounded(proto::Duration interval, const PollBounds& bounds) {
    if (bounds.min) interval = std::max(interval, *bounds.min);
    if (bounds.max) interval = std::min(interval, *bounds.max);
    return std::max(interval, proto::Duration(0));
}

/// A tenth of `span` more or less, on a grid of a two-hundredth of it: of many thousand tasks some
/// are then asked for at one moment, with one wake-up of all that takes part in it.
proto::Instant scattered(proto::Instant at, proto::Duration span, queue::Random& random) {
    const auto tenth = span.count() / 10;
    const auto grid = std::max<proto::Duration::rep>(span.count() / 200, 1);
    const auto chance = random.below(static_cast<std::uint64_t>(2 * tenth - grid + 2));
    at += proto::Duration(static_cast<proto::Duration::rep>(chance) - tenth);
    const auto beyond = at.time_since_epoch().count() % grid;
    return beyond == 0 ? at : at + proto::Duration(grid - beyond);
}

bool knows(const PollRules& rules) {
    return rules.times != nullptr && rules.times->tell();
}

/// Tasks that are asked for together meet at moments that are the same for all.
proto::Instant placed(const PollRules& rules, proto::Instant now, proto::Duration interval,
                      queue::Random& random) {
    const auto grid = std::min(rules.schedule.shared_floor, interval).count();
    if (!rules.together || grid == 0) {
        // A moment that was chosen with care is not moved far.
        const proto::Duration span = knows(rules) ? std::min(interval, learned_scatter) : interval;
        return scattered(now + interval, span, random);
    }
    const auto at = (now + interval).time_since_epoch().count() + grid / 2;
    return proto::Instant(proto::Duration(at - at % grid));
}

/// The part of a time that has passed after which it is worth another look.
int growth(bool shared) {
    return shared ? 16 : 2;
}

/// Where tasks like these end, one that is at work after `so_far` is looked at next: when its end,
/// should it have come by then, is expected to be seen `late` late. nullopt: none took longer.
std::optional<proto::Duration> worth_a_look(std::vector<proto::Duration> took,
                                            proto::Duration so_far, proto::Duration late) {
    std::erase_if(took, [so_far](proto::Duration each) { return each <= so_far; });
    std::ranges::sort(took);
    proto::Duration sum = late * static_cast<proto::Duration::rep>(took.size());
    for (std::size_t n = 0; n < took.size(); ++n) {
        sum += took[n];
        const proto::Duration at = sum / static_cast<proto::Duration::rep>(n + 1);
        if (n + 1 == took.size() || at <= took[n + 1]) return at;
    }
    return std::nullopt;
}

/// A call is worth so much of what an end is seen late; where ends are spread widely, more.
/// docs/decisions/0015 tells what other figures come to.
proto::Duration call_worth(const proto::CompletionTimes& times) {
    constexpr proto::Duration least{850};
    return std::max(least, (times.within(90) - times.within(10)) / 80);
}

/// The time of a single poll, by all that is known and by the last few tasks alone, whichever is
/// sooner: where the upstream has become faster they show it first.
std::optional<proto::Duration> single_look(const proto::CompletionTimes& times,
                                           proto::Duration so_far) {
    constexpr std::ptrdiff_t few = 4;
    const std::vector<proto::Duration>& all = times.took();
    const std::vector<proto::Duration> last(all.end() - few, all.end());
    const proto::Duration late = call_worth(times);
    const auto by_all = worth_a_look(all, so_far, late);
    const auto by_last = worth_a_look(last, so_far, late);
    return by_all && by_last ? std::min(*by_all, *by_last) : by_all;
}

/// A poll that costs next to nothing is made all the time from when one of ten may be done, one
/// that costs a call when it is worth it. Of what takes longer than most nobody knows much: it is
/// asked for ever more seldom.
proto::Duration learned_interval(const PollRules& rules, proto::Duration so_far, bool shared) {
    const proto::PollSchedule& schedule = rules.schedule;
    const proto::Duration floor = shared ? schedule.shared_floor : schedule.floor;
    const proto::Duration early = rules.times->within(10);
    const proto::Duration over = so_far - rules.times->within(90);
    proto::Duration interval = floor + std::max(over, proto::Duration(0)) / growth(shared);
    if (shared && so_far < early) interval = early - so_far;
    const auto look = shared ? std::nullopt : single_look(*rules.times, so_far);
    if (look) interval = *look - so_far;
    // However long the last ones took: a look now and then finds out that they do no longer.
    const proto::Duration most = so_far < early ? 10 * schedule.max : schedule.max;
    return std::clamp(interval, floor, std::max(floor, most));
}

}  // namespace

PollRules poll_rules(const proto::OpInfo& op, std::shared_ptr<const proto::CompletionTimes> times) {
    return {op.poll, {}, std::move(times), op.poll_many_max > 0};
}

proto::Instant first_poll(const PollRules& rules, proto::Instant now, queue::Random& random) {
    // If it can be asked for with others, it will be.
    const proto::Duration interval =
        knows(rules) ? learned_interval(rules, proto::Duration(0), rules.together)
                     : rules.schedule.first;
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
    PollRules nothing_known = rules;
    nothing_known.times.reset();
    return placed(nothing_known, now, overdue_poll, random);
}

proto::Instant next_search(proto::Instant sent_at, bool held, proto::Instant now,
                           queue::Random& random) {
    if (held) return scattered(now + held_search, held_search, random);
    const proto::Duration so_far = std::max(now - sent_at, proto::Duration(0));
    const proto::Duration interval = std::clamp(so_far / 2, search_min, search_max);
    return scattered(now + interval, interval, random);
}

proto::Instant next_fetch(std::uint32_t troubles, proto::Instant now, queue::Random& random) {
    const proto::Duration ceiling = queue::backoff_ceiling(troubles + 1, fetch_base, fetch_cap);
    const auto half = static_cast<std::uint64_t>(ceiling.count() / 2);
    return now + ceiling / 2 + proto::Duration(random.below(half + 1));
}

}  // namespace genspool::workers
