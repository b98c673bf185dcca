#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/completion_times.hpp"
#include "proto/job.hpp"
#include "queue/account.hpp"
#include "queue/commands.hpp"

/// What a queue shows of itself.
namespace genspool::queue {

/// One line of the event log.
struct EventRecord {
    proto::EventSeq seq;
    proto::JobSeq job;
    proto::JobId id;
    proto::BatchSeq batch;
    proto::Instant at{};
    proto::State from = proto::State::absent;
    proto::State to = proto::State::absent;
    proto::Event event = proto::Event::admitted;
    proto::Send send = 0;
    std::string account;
    std::string detail;  ///< reason or evidence, for people

    bool operator==(const EventRecord&) const = default;
};

struct JobView {
    proto::JobRecord record;
    proto::JobSpec spec;
    std::string batch_id;  ///< empty: in no batch
    // Of a running one, what is known of how long it takes; not stored with it:
    std::shared_ptr<const proto::CompletionTimes> times{};  ///< null: nothing
    std::optional<std::uint32_t> said_permille{};           ///< is done, the upstream says
};

struct Filter {
    std::optional<proto::State> state;
    std::optional<proto::Kind> kind;
    std::string op;
    std::optional<proto::BatchSeq> batch;
    std::string account;
    std::vector<std::pair<std::string, std::string>> labels;
    bool doubtful = false;    ///< only what may have been bought since the queue was set back
    bool unanswered = false;  ///< only those whose order nobody has had the answer of
};

/// A page of jobs, newest first. `next` (a job's seq) goes on after the last one looked at; 0: the
/// end. A page may be short, even empty, and still have a `next`: the number of rows looked at is
/// bounded, and so is what their requests weigh.
struct Page {
    std::vector<JobView> jobs;
    proto::JobSeq next;
    bool heavy = false;  ///< it ended for its weight, with more to come
};

/// A file that was handed in, under its SHA-256.
struct BlobView {
    std::string media_type;
    std::uint64_t bytes = 0;
    proto::Instant wanted_at{};  ///< it came, or the last job that took it ended

    bool operator==(const BlobView&) const = default;
};

/// A file that an account has at the upstream.
struct UploadView {
    std::string handle;        ///< as a request names it
    proto::Instant expires{};  ///< not to be named from then on

    bool operator==(const UploadView&) const = default;
};

struct BatchView {
    proto::BatchSeq seq;
    proto::JobId id;
    BatchSource source = BatchSource::http;
    std::string name;
    std::string principal;
    bool sealed = false;
    proto::Instant created_at{};
    std::optional<proto::Instant> ended_at;  ///< when the last of its jobs ended
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
    std::array<std::uint64_t, proto::state_count> by_state{};
    proto::Micros spent = 0;
    proto::Micros reserved = 0;
    proto::Micros uncertain = 0;
    proto::Unit unit = proto::Unit::none;
    std::optional<proto::Micros> budget;  ///< for all of its jobs together, in their unit
    std::string content_hash;
    std::vector<std::pair<std::string, std::string>> notes;  ///< see NoteBatch
    std::string identity;
    std::string progress;
    std::string idempotency;  ///< 16 bytes that find its idempotency row, or empty
    proto::JobSeq first_job;  ///< its jobs lie between these two, among others
    proto::JobSeq last_job;
};

/// One reason why a queued job does not go now.
struct Gate {
    /// slot, rate, quarantine, budget, price_unknown, time, pause, disk, fetch, account_missing,
    /// dependency
    std::string name;
    std::string detail;                      ///< one sentence
    std::optional<proto::Instant> opens_at;  ///< at the latest, where that is known
    std::string account;                     ///< empty: for all accounts

    bool operator==(const Gate&) const = default;
};

/// What all accounts together may spend on a UTC day, and what of it is used.
struct BudgetView {
    proto::Unit unit = proto::Unit::none;
    proto::Micros limit = 0;
    proto::Micros used = 0;  ///< spent, reserved or uncertain
};

/// The gate of a job with a max_cost that nothing can be held against: it stays closed.
inline Gate price_unknown() {
    return {"price_unknown",
            "no price is known for it, so max_cost cannot be judged: it waits until it is canceled",
            std::nullopt,
            {}};
}

struct Explanation {
    proto::State state = proto::State::absent;
    std::string reason;
    std::vector<Gate> gates;  ///< none for a queued job: it goes with the next claim
    /// Queued: how many of the same lane go first, by priority, turns of the groups, and admission;
    /// those canceled since may be among them. nullopt: it waits in no lane, or behind too many
    /// groups to count.
    std::optional<std::uint64_t> ahead;
};

struct LedgerRow {
    enum class Status : std::uint8_t { reserved = 0, spent = 1, released = 2, uncertain = 3 };

    proto::JobSeq job;
    proto::Send send = 0;
    Status status = Status::reserved;
    proto::Money amount;  ///< unit none: the price was not known
    std::string account;
    std::string op;
    proto::BatchSeq batch;
    proto::Instant at{};  ///< when it was reserved
    proto::Event why =
        proto::Event::admitted;  ///< what led to it; admitted: a job's first purchase
    proto::JobId id{};           ///< the job's; the row outlives it

    bool operator==(const LedgerRow&) const = default;
};

/// Which rows of the ledger; what is left out fits all.
struct LedgerFilter {
    std::optional<proto::Instant> from;    ///< reserved then or later
    std::optional<proto::Instant> before;  ///< reserved earlier than that
    std::string account;
    std::optional<proto::BatchSeq> batch;
    std::optional<std::pair<proto::JobId, proto::JobId>> jobs;  ///< from the first to the last
    std::optional<LedgerRow::Status> status;
};

struct LedgerLine {
    LedgerRow row;
    proto::Send after = 0;  ///< the job's purchase before this one; 0: there was none
    LedgerRow::Status after_status = LedgerRow::Status::reserved;
};

/// A job's rows stay on one page. `next` (a job's seq) goes on after the last one looked at; 0: the
/// end. A page may be short, even empty, and still have a `next`.
struct LedgerPage {
    std::vector<LedgerLine> lines;
    proto::JobSeq next;
};

/// What an account cost on a day (UTC, of the reserve), in one unit.
struct LedgerTotal {
    std::string day;
    std::string account;
    proto::Unit unit = proto::Unit::none;
    proto::Micros reserved = 0;
    proto::Micros spent = 0;
    proto::Micros uncertain = 0;
};

/// Which of them; what is left out fits all.
struct TotalsFilter {
    std::string first;  ///< day, as "2026-12-01"
    std::string last;   ///< day
    std::string account;
};

/// Whole days, so that a page may be a little longer than its limit. `next`: the first day that is
/// not on it any more; empty: the end.
struct LedgerTotals {
    std::vector<LedgerTotal> totals;
    std::string next;
};

/// The queue stands where it stood at an earlier moment, and buys nothing until it is told to.
struct Setback {
    enum class Why : std::uint8_t {
        backup = 1,     ///< it was restored from a backup
        lost_tail = 2,  ///< the database has lost what it had written last
    };

    Why why = Why::backup;
    proto::Instant at{};          ///< of the backup; else the last moment that the database knows
    proto::EventSeq last_event;   ///< the newest that is kept
    proto::JobSeq first_new_job;  ///< jobs before it were there at that moment
    std::uint64_t doubtful = 0;   ///< so many of them, counted at the start, see is_doubtful()

    bool operator==(const Setback&) const = default;
};

std::string_view to_string(Setback::Why why);

/// How long tasks of one sort (proto::timed_as) take, as it was learned.
struct LearnedTimes {
    std::string sort;
    std::shared_ptr<const proto::CompletionTimes> times;
    proto::Instant learned_at{};  ///< of the last of them
};

/// When the oldest of the jobs in each state was admitted; nullopt: there is none in it, or none
/// was found yet among many of a batch that cannot be seen. Not of states in which jobs have ended.
using Oldest = std::array<std::optional<proto::Instant>, proto::state_count>;

struct Stats {
    std::array<std::uint64_t, proto::state_count> by_state{};
    std::array<std::uint64_t, proto::state_count> entered{};  ///< how often, since the start
    std::uint64_t jobs = 0;
    std::uint64_t commits = 0;
    std::uint64_t commands = 0;
    proto::EventSeq last_event;
    proto::EventSeq first_event;  ///< the oldest kept
    bool paused = false;
    std::string paused_reason;
    std::optional<Setback> setback;
    std::uint64_t generation = 1;  ///< grows by one each time the queue is set back
    DiskGate disk = DiskGate::open;
    std::vector<BudgetView> budgets;   ///< of this day
    std::uint64_t memory_entries = 0;  ///< in lanes, due times and slots
    std::uint64_t lanes_visited = 0;   ///< by claims so far
    std::uint64_t entries_visited = 0;
};

}  // namespace genspool::queue
