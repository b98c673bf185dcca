#pragma once

#include "daemon/gateway/answer.hpp"
#include "daemon/gateway/minimax/task_words.hpp"

namespace genspool::daemon::gateway::minimax {

/// The answer to a synchronous call whose job has ended or is held. `link` addresses its files. Of
/// a chat the whole completion stands in the job's result, however long it is.
Answer ended(const PaidCall& call, const queue::JobView& job, const Wishes& wishes,
             const Link& link);

/// The same as server-sent events, all of it in a few.
Answer ended_events(const PaidCall& call, const queue::JobView& job, const Wishes& wishes,
                    const Link& link);

}  // namespace genspool::daemon::gateway::minimax
