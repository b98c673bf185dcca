#include "queue/hints.hpp"

#include <algorithm>

#include "queue/keys.hpp"
#include "queue/turn.hpp"

namespace genspool::queue {

namespace {

void hasten(Turn& turn, proto::JobSeq job) {
    turn.memory.flights.hasten(job, turn.memory.hints.poll_at(job, turn.now));
}

}  // namespace

proto::Instant Hints::poll_at(proto::JobSeq job, proto::Instant now) {
    const auto last = polls_.find(job, now);
    if (last && *last > now) return *last;
    const proto::Instant at = last ? *last + hint_gap : now;
    polls_.put(job, at, now);
    return at;
}

void heed_early_hints(Turn& turn, const proto::JobRecord& record,
                      const std::vector<std::string>& tasks) {
    const bool any = std::any_of(tasks.begin(), tasks.end(), [&](const std::string& task) {
        return turn.memory.hints.kept(record.account, task, turn.now);
    });
    if (any) hasten(turn, record.seq);
}

Answer handle(Turn& turn, const Hint& command) {
    const auto owner = turn.plan.row<TaskRow>(keys::task(command.account, command.task));
    if (!owner) {
        turn.memory.hints.keep(command.account, command.task, turn.now);
        return refused(Errc::not_found, "no job has this task yet");
    }
    hasten(turn, owner->job);
    return {};
}

}  // namespace genspool::queue
