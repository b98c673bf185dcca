#pragma once

#include "proto/codec.hpp"
#include "queue/random.hpp"
#include "workers/accounts.hpp"

/// When to ask, and when to try again. Computed anew each time from what is stored, so that nothing
/// about schedules must be remembered. All of them scatter by chance, so that jobs of one moment do
/// not stay together; polls fall on a coarse grid, so that few wake-ups serve many tasks.
namespace genspool::workers {

/// How often an overdue task is asked for.
inline constexpr proto::Duration overdue_poll{300'000};

/// When a task that was taken just now is asked for first.
proto::Instant first_poll(const proto::PollSchedule& schedule, const PollBounds& bounds,
                          proto::Instant now, queue::Random& random);

/// When a task sent at `sent_at` that is still at work is asked for again: after half of the time
/// it took so far, which is what intervals that grow by half each time come to.
proto::Instant next_poll(const proto::PollSchedule& schedule, const PollBounds& bounds,
                         proto::Instant sent_at, bool overdue, proto::Instant now,
                         queue::Random& random);

/// When the upstream's list is read again for a send of `sent_at` that it does not show. A job that
/// is held waits for what becomes of others, and is looked for seldom.
proto::Instant next_search(proto::Instant sent_at, bool held, proto::Instant now,
                           queue::Random& random);

/// When an artifact that did not come is tried again, after so many troubles before.
proto::Instant next_fetch(std::uint32_t troubles, proto::Instant now, queue::Random& random);

}  // namespace genspool::workers
