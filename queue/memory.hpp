#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "queue/agenda.hpp"
#include "queue/aside.hpp"
#include "queue/capacity.hpp"
#include "queue/completions.hpp"
#include "queue/dispatch_order.hpp"
#include "queue/hints.hpp"
#include "queue/oldest.hpp"
#include "queue/queue.hpp"
#include "queue/rows.hpp"
#include "queue/slots.hpp"

namespace genspool::queue {

/// What the queue knows without asking the disk: rebuilt at start by one scan of index keys, then
/// kept in step with every commit. A commit that fails ends the process, so nothing here is ever
/// undone.
struct Memory {
    Counters counters;
    PauseRow pause;
    DiskGate disk = DiskGate::open;
    /// Since when files could be fetched, as far as the daemon and its disk go.
    proto::Instant fetches_since{};
    bool disk_known = false;                 ///< false: nobody has looked at it since the start
    std::uint64_t spare_bytes = UINT64_MAX;  ///< that submissions may still count on
    std::uint64_t promised_bytes = 0;        ///< room promised to the submissions on the wire

    Capacity capacity;
    DispatchOrder order;
    Agenda agenda;
    Flights flights;
    Completions completions;
    Hints hints;
    std::vector<LaneKey> lanes;  ///< by LaneId
    Aside aside;
    proto::Instant day_ends{};  ///< a new day's budgets may be enough for those that are shut
    std::map<LaneKey, LaneId> lane_ids;
    Slots slots;
    std::array<std::uint64_t, proto::state_count> by_state{};  ///< of jobs that can be seen
    OldestBound oldest;
    std::array<std::uint64_t, proto::state_count> entered{};  ///< as Stats::entered

    std::set<proto::BatchSeq> unsealed;
    std::map<proto::BatchSeq, proto::JobSeq> filling;  ///< sealed; lanes filled up to here
    std::set<proto::BatchSeq> dropping;                ///< to be deleted in steps
    /// Jobs that have ended, and from where on those that wait for them are still to be looked at.
    std::deque<std::pair<proto::JobSeq, proto::JobSeq>> ended;
    /// Blocked jobs that nobody has looked at since a start, or their seal.
    struct Unseen {
        proto::JobSeq from;
        proto::JobSeq last;
        proto::BatchSeq batch;  ///< 0: all of them
    };
    std::deque<Unseen> unseen;
    /// How far a reader of the log has come, and up to where retention may follow.
    struct Cursor {
        proto::EventSeq upto;
        proto::EventSeq done;
    };
    std::map<std::string, Cursor> cursors;
    proto::EventSeq first_event{1};
    proto::Instant upkeep_at{};
    proto::Instant ended_from{};  ///< no job that is kept ended earlier
    /// How far a round of retention has come, and the earliest end that it has left.
    struct Purge {
        proto::Instant from{};
        proto::JobSeq job{};
        proto::Instant kept{};
    };
    std::optional<Purge> purge;
    std::string blobs_from;    ///< the next file that retention looks at
    std::string uploads_from;  ///< the key of the next upload that retention looks at
    std::string things_from;   ///< likewise of the next thing

    std::uint64_t commits = 0;
    std::uint64_t commands = 0;

    bool visible(proto::BatchSeq batch) const {
        return !unsealed.contains(batch) && !dropping.contains(batch);
    }
    /// Batches are to be put into lanes or deleted, or blocked jobs to be looked at: the next turn
    /// does some of it.
    bool upkeep_waits() const {
        return !filling.empty() || !dropping.empty() || !ended.empty() || !unseen.empty();
    }
    std::uint64_t jobs() const;
};

}  // namespace genspool::queue
