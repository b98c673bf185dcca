#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "proto/ids.hpp"
#include "proto/money.hpp"
#include "proto/time.hpp"

namespace genspool::queue {

using LaneId = std::uint32_t;
/// Whose turn it is: a batch, or all that one submitter sent outside of batches.
using GroupId = std::uint64_t;

inline constexpr int priority_max = 9;
/// A job gains one step of priority for each such span it has waited.
inline constexpr proto::Duration ageing_step{30 * 60'000};

/// A job that waits in a lane. Memory only; what it says is checked against the record when it is
/// popped, so that entries made stale by a cancel or a new priority may simply be left behind.
struct Waiting {
    proto::JobSeq job;
    proto::Instant since{};
};

/// The jobs of one lane in the order they go: effective priority, then the groups by turns, then
/// first come.
class Lane {
public:
    struct Head {
        int effective = 0;
        std::uint8_t priority = 0;
        GroupId group = 0;
        Waiting waiting;
    };

    void push(std::uint8_t priority, GroupId group, Waiting waiting);
    /// nullopt: all that wait are of groups that are shut.
    std::optional<Head> head(proto::Instant now) const;
    /// Removes what head() has just given and sends its group to the end of the turns.
    void pop(const Head& head);
    /// How many of these jobs go before such a one, as things stand at `now`; what was made stale
    /// counts as well. It need not be in here. nullopt: too many groups to count.
    std::optional<std::uint64_t> ahead_of(std::uint8_t priority, GroupId group, Waiting waiting,
                                          proto::Instant now) const;
    std::size_t size() const { return size_; }

    /// Takes the group's jobs out of the turns, until it is reopened or one more of them comes.
    /// `cost`: of the one that was to go, where another account may have room for it.
    void shut(GroupId group, std::optional<proto::Micros> cost);
    void reopen(GroupId group);
    void reopen_all();
    /// Of a group that is shut, the job of the highest priority; nullopt: it is not shut.
    std::optional<proto::JobSeq> first_of_shut(GroupId group) const;
    /// Whether somebody waits whose group is not shut.
    bool any() const { return size_ > shut_jobs_; }
    /// The least cost that one of them was shut with.
    std::optional<proto::Micros> least_cost() const {
        return costs_.empty() ? std::nullopt : std::optional(*costs_.begin());
    }

private:
    struct Level {
        std::deque<GroupId> turns;
        std::unordered_map<GroupId, std::deque<Waiting>> groups;
        std::set<std::pair<proto::Instant, GroupId>> oldest;  ///< by the age of each group's first
    };

    struct Shut {
        /// By each priority that it has some of.
        std::vector<std::pair<std::uint8_t, std::deque<Waiting>>> jobs;
        std::optional<proto::Micros> cost;
    };

    void put_back(GroupId group, Shut shut);
    /// The group's jobs of that priority; nullptr: it has none.
    const std::deque<Waiting>* find(std::uint8_t priority, GroupId group) const;

    std::array<Level, priority_max + 1> levels_;
    std::unordered_map<GroupId, Shut> shut_;
    std::multiset<proto::Micros> costs_;  ///< of these
    std::size_t size_ = 0;                ///< of all
    std::size_t shut_jobs_ = 0;           ///< of those that are shut
};

/// All lanes. Which of them are open is the caller's to say; a closed one costs one look, however
/// many jobs wait in it.
class DispatchOrder {
public:
    struct Pick {
        LaneId lane = 0;
        std::uint8_t priority = 0;
        GroupId group = 0;
        Waiting waiting;
    };

    void push(LaneId lane, std::uint8_t priority, GroupId group, Waiting waiting);
    /// The job that goes next among the open lanes, removed; nullopt if there is none.
    std::optional<Pick> pop(const std::function<bool(LaneId)>& open, proto::Instant now);
    /// The group's jobs in this lane have to wait for something that the others do not: none of
    /// them is picked until they are opened, or one more of them comes.
    void shut(LaneId lane, GroupId group, std::optional<proto::Micros> cost);
    void reopen(LaneId lane, GroupId group);
    void reopen_all();
    /// Reopens the lanes in which `affordable` says of the least cost that it is.
    void reopen_where(const std::function<bool(LaneId, proto::Micros)>& affordable);
    /// The group took a slot: others of its kind go before its next job.
    void served(GroupId group);

    /// True if a lane that `open` lets through has a job.
    bool any(const std::function<bool(LaneId)>& open) const;
    /// As Lane::ahead_of(): the jobs of the same lane that go first.
    std::optional<std::uint64_t> ahead_of(LaneId lane, std::uint8_t priority, GroupId group,
                                          Waiting waiting, proto::Instant now) const;
    std::size_t size() const { return size_; }
    const std::map<LaneId, Lane>& lanes() const { return lanes_; }

    std::uint64_t lanes_visited = 0;    ///< looks at lanes so far
    std::uint64_t entries_visited = 0;  ///< entries popped so far, stale ones too

private:
    std::uint64_t turn_of(GroupId group) const;

    std::map<LaneId, Lane> lanes_;  ///< none empty
    std::unordered_map<GroupId, std::uint64_t>
        turns_;                     ///< slots taken, on the scale of turn_floor_
    std::uint64_t turn_floor_ = 0;  ///< where a group that comes anew begins
    std::size_t size_ = 0;
};

}  // namespace genspool::queue
