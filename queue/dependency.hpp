#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proto/result.hpp"
#include "queue/commands.hpp"
#include "queue/turn.hpp"

/// Jobs that wait for others (`after`). The row keys::awaited(a, b) is there exactly while b is
/// blocked and names a.
namespace genspool::queue {

/// What the jobs that one waits for have come to.
struct Awaited {
    enum class Outlook : std::uint8_t {
        good,  ///< all have succeeded
        open,  ///< that of one is not known yet
        bad,   ///< one has ended otherwise, or is gone
    };

    Outlook outlook = Outlook::good;
    std::string job;    ///< the first that is not good: "01K… is running"
    bool gone = false;  ///< bad, because retention has taken it
};

/// What a job waits for: JobRecord::after and JobRecord::inputs; and where it must go.
struct Ties {
    std::vector<proto::JobId> after;
    std::vector<proto::Input> inputs;
    std::string account;  ///< bound_account()
};

/// The jobs that the names in `after` and in the references stand for: a custom_id of an earlier
/// line of `batch`, else the id of a job that can be seen; and the account of what it names.
/// Refused with the field, as in "after[2]".
proto::Result<Ties> find_ties(Turn& turn, const AdmitOne& job, proto::BatchSeq batch);

Awaited awaited(const Turn& turn, const std::vector<proto::JobId>& jobs);

/// Writes down for whom this job, which is blocked, waits.
void note_awaited(Turn& turn, const proto::JobRecord& record);
/// It no longer does: it has left `blocked`, or is dropped.
void forget_awaited(Turn& turn, const proto::JobRecord& record);
/// Whether a blocked job waits for this one, so that it must not be forgotten.
bool is_awaited(const Turn& turn, proto::JobSeq job);

/// All that the job waits for have succeeded: it is freed, and the files that it takes from them
/// are settled. What there is not, in words; empty: all are there.
std::string set_free(Turn& turn, proto::JobRecord& record);

/// A blocked job goes to the queue once all that it waits for have succeeded, and fails once one
/// has not.
void look_at_blocked(Turn& turn, proto::JobRecord& record);

/// Looks at some of the jobs that wait for one that has ended, and at some of those that nobody has
/// looked at since a start or a seal. True: there are more. Before anything else is planned.
bool release_blocked(Turn& turn);

}  // namespace genspool::queue
