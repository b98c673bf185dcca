#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "proto/job.hpp"
#include "queue/commands.hpp"

namespace genspool::queue {

/// What is to be looked at when a due time comes. Entries are never taken out: whoever is woken
/// asks the record whether it still holds.
class Agenda {
public:
    enum class What : std::uint8_t { ready, deadline, unknown_window, slot };

    struct Entry {
        proto::Instant at{};
        proto::JobSeq job;
        proto::Send send = 0;
        What what = What::ready;
    };

    void add(Entry entry) { heap_.push(entry); }
    /// The earliest entry due at `now`, removed; nullopt: none is.
    std::optional<Entry> pop(proto::Instant now);
    proto::Instant next() const { return heap_.empty() ? proto::never : heap_.top().at; }
    std::size_t size() const { return heap_.size(); }

private:
    struct Later {
        bool operator()(const Entry& a, const Entry& b) const {
            return std::pair(a.at, a.job) > std::pair(b.at, b.job);
        }
    };
    std::priority_queue<Entry, std::vector<Entry>, Later> heap_;
};

/// The next step of each job in flight, and which are out with a worker. A job's step is handed out
/// when it is due and the last one has been answered.
class Flights {
public:
    /// This is the job's next step. `urgency` orders the fetches: the earliest link expiry first.
    void set(proto::JobSeq job, WorkKind kind, proto::Instant due, proto::Instant urgency);
    /// The job has no next step (any more).
    void remove(proto::JobSeq job);

    /// Up to `count` steps of this kind that are due, most urgent first; each is out from now on.
    std::vector<proto::JobSeq> take(WorkKind kind, std::size_t count, proto::Instant now);
    /// The step is out with a worker though it was not taken from here (a submission).
    void lend(proto::JobSeq job) { out_.insert(job); }
    /// What was taken is not handed out after all, but due then, and has a place of its own there.
    void put_off(proto::JobSeq job, proto::Instant due);
    bool has_place(proto::JobSeq job) const { return flights_.at(job).has_place; }
    /// The worker has answered.
    void returned(proto::JobSeq job);
    bool is_out(proto::JobSeq job) const { return out_.contains(job); }

    /// What was seen of a task that is polled.
    struct Sight {
        proto::Instant at{};                    ///< when it was known to be at work
        std::optional<std::uint32_t> permille;  ///< of it done, as the upstream said
    };
    /// Of this step's job; a next step set for it later forgets it.
    void saw(proto::JobSeq job, Sight sight);
    /// nullopt: it has not been seen since its step was set.
    std::optional<Sight> sight(proto::JobSeq job) const;

    /// The job's poll is due then, unless it is due sooner; of one that is out, the one after it.
    /// A job whose next step is no poll, or has a place, is left as it is.
    void hasten(proto::JobSeq job, proto::Instant at);

    /// Whether more than so many fetches are due and not out.
    bool fetches_pile_up(std::size_t count, proto::Instant now) const;
    bool any_due(proto::Instant now, bool without_fetches) const {
        return next_due(without_fetches) <= now;
    }
    /// When the next step that is not out comes due; in the past if one waits.
    proto::Instant next_due(bool without_fetches) const;
    std::size_t size() const { return flights_.size(); }

private:
    using Order = std::set<std::pair<proto::Instant, proto::JobSeq>>;
    static constexpr std::size_t kinds = 5;

    /// There may be a hundred thousand: as small as it goes.
    struct Flight {
        proto::Instant due{};
        proto::Instant urgency{};
        proto::Instant seen_at{};         ///< the epoch: not yet
        std::uint16_t seen_permille = 0;  ///< and one: 0 says that nobody knows
        WorkKind kind = WorkKind::poll;
        bool urgent = false;  ///< already moved from waiting_ to urgent_
        bool has_place = false;
    };

    void enlist(proto::JobSeq job, const Flight& flight);
    void delist(proto::JobSeq job, const Flight& flight);

    std::unordered_map<proto::JobSeq, Flight> flights_;
    std::unordered_set<proto::JobSeq> out_;
    std::unordered_map<proto::JobSeq, proto::Instant> hastened_;  ///< of those that are out
    Order waiting_[kinds];  ///< by due time; without those that are out
    Order urgent_;          ///< fetches that are due, by urgency
};

}  // namespace genspool::queue
