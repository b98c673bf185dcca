#pragma once

#include <memory>

#include "proto/codec.hpp"
#include "proto/completion_times.hpp"
#include "queue/random.hpp"
#include "workers/accounts.hpp"

/// When to ask, and when to try again. Computed anew each time from what is stored, so that nothing
/// about schedules must be remembered. All of them scatter by chance, so that jobs of one moment do
/// not stay together; polls fall on a coarse grid, so that few wake-ups serve many tasks.
namespace genspool::workers {

/// How often an overdue task is asked for.
inline constexpr proto::Duration overdue_poll{300'000};

/// What decides when a task is asked for.
struct PollRules {
    proto::PollSchedule schedule;
    PollBounds bounds;
    std::shared_ptr<const proto::CompletionTimes> times;  ///< of its sort of tasks; may be null
    /// Its op can be asked for many tasks at once: those of one time are to come due together.
    bool together = false;
};

/// Those of an op, with no bounds set by a person.
PollRules poll_rules(const proto::OpInfo& op, std::shared_ptr<const proto::CompletionTimes> times);

/// When a task that was taken just now is asked for first: once it may be done, where it is known
/// how long such tasks take.
proto::Instant first_poll(const PollRules& rules, proto::Instant now, queue::Random& random);

/// When a task sent at `sent_at` that is still at work is asked for again. Where nothing is known
/// of such tasks, after half of the time it took so far, which is what intervals that grow by half
/// each time come to. `shared`: the last poll asked for others as well and cost next to nothing, so
/// that the next comes sooner.
proto::Instant next_poll(const PollRules& rules, proto::Instant sent_at, bool shared,
                         proto::Instant now, queue::Random& random);

/// When a task past its patience, or whose account is gone, is asked for again.
proto::Instant next_slow_poll(const PollRules& rules, proto::Instant now, queue::Random& random);

/// When the upstream's list is read again for a send of `sent_at` that it does not show. A job that
/// is held waits for what becomes of others, and is looked for seldom.
proto::Instant next_search(proto::Instant sent_at, bool held, proto::Instant now,
                           queue::Random& random);

/// When an artifact that did not come is tried again, after so many troubles before.
proto::Instant next_fetch(std::uint32_t troubles, proto::Instant now, queue::Random& random);

}  // namespace genspool::workers
