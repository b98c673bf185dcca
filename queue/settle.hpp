#pragma once

#include "queue/turn.hpp"

/// What follows from a report or a due time once it is known what happened: the retry policy.
namespace genspool::queue {

/// Whether the job itself allows another purchase: attempts, cost and deadline. `freed` is what
/// settling the present send gives back to max_cost.
bool may_buy_again(const Turn& turn, const proto::JobRecord& record, proto::Micros freed);

/// Puts the job's next try off by exponential backoff with full jitter.
void back_off(Turn& turn, proto::JobRecord& record);

/// The job's send can neither be found nor proven absent, for the reason that it is in: hold it, or
/// buy again if it allows that.
void give_up_search(Turn& turn, proto::JobRecord& record);

/// The time for buying is over: the job fails, if it has not been submitted yet.
void fail_late(Turn& turn, proto::JobRecord& record);

/// Nobody can say whether the paid request was taken.
void mark_ambiguous(Turn& turn, proto::JobRecord& record, const std::string& why);

/// When mark_ambiguous() was called of the job's last send, for one that is `unknown` or `held` for
/// that; never before the send.
proto::Instant in_doubt_since(const Turn& turn, const proto::JobRecord& record);

/// Writes the tasks down as the job's own. False, and nothing done: one belongs to another job.
bool adopt_tasks(Turn& turn, proto::JobRecord& record, const std::vector<std::string>& tasks);

/// Ends fetching if nothing is left to come. False: something is.
bool finish_fetching(Turn& turn, proto::JobRecord& record);

/// Marks what has not come home as lost, for this reason.
void lose_the_rest(proto::JobRecord& record, const proto::Failure& failure);

}  // namespace genspool::queue
