#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "queue/commands.hpp"
#include "queue/views.hpp"

namespace genspool::queue {

/// Called once with the answer, on the queue's own thread: hand it on, do nothing else there.
using OnAnswer = std::function<void(Answer)>;

/// Reads from one consistent moment of the queue. Only inside Queue::read().
class Reader {
public:
    virtual ~Reader() = default;

    virtual std::optional<JobView> find(proto::JobSeq job) const = 0;
    /// The job whose id begins with `prefix`. More than one: not found, `ambiguous` is set.
    virtual std::optional<proto::JobSeq> find_by_prefix(std::string_view prefix,
                                                        bool& ambiguous) const = 0;
    /// Newest first, from `before` (exclusive; 0: from the newest).
    virtual Page list(const Filter& filter, proto::JobSeq before, std::size_t limit) const = 0;
    /// Events after `after`, oldest first. With a job: only its own.
    virtual std::vector<EventRecord> events(proto::EventSeq after, std::size_t limit,
                                            std::optional<proto::JobSeq> job) const = 0;
    virtual std::optional<BatchView> find_batch(proto::BatchSeq batch) const = 0;
    /// Newest first; unsealed ones only if asked for.
    virtual std::vector<BatchView> list_batches(proto::BatchSeq before, std::size_t limit,
                                                bool unsealed) const = 0;
    /// The refused lines of a batch from line `after` (exclusive) on.
    virtual std::vector<RefusedLine> refused_lines(proto::BatchSeq batch, std::uint64_t after,
                                                   std::size_t limit) const = 0;
    /// A batch's jobs in order of admission, after `after`.
    virtual std::vector<proto::JobSeq> batch_jobs(proto::BatchSeq batch, proto::JobSeq after,
                                                  std::size_t limit) const = 0;
    /// Rows of the ledger in order of admission, of the jobs after `after`.
    virtual LedgerPage ledger(const LedgerFilter& filter, proto::JobSeq after,
                              std::size_t limit) const = 0;
    /// Sums of the ledger by day and account, oldest first.
    virtual LedgerTotals ledger_totals(const TotalsFilter& filter, std::size_t limit) const = 0;
    /// The job that was admitted under this key (Idempotency::scope_hash), though it may be gone;
    /// nullopt: none, or a batch was.
    virtual std::optional<proto::JobSeq> find_by_key(const std::string& scope_hash) const = 0;
    /// Jobs of this order (AdmitOne::order) whose answer nobody has had, oldest first.
    virtual std::vector<proto::JobRecord> orders(const std::string& order,
                                                 std::size_t limit) const = 0;
    /// A file that was handed in; nullopt: it is not kept.
    virtual std::optional<BlobView> find_blob(const std::string& sha256) const = 0;
    /// A file that the account has at the upstream, or had: `expires` tells.
    virtual std::optional<UploadView> find_upload(const UploadName& name) const = 0;
    /// The account that such a job would be bound to; empty: it may go to any. Or why it is
    /// refused.
    virtual proto::Result<BoundTo> bound_account(const AdmitOne& job) const = 0;
    virtual proto::EventSeq cursor(std::string_view name) const = 0;
    /// By name.
    virtual std::vector<std::string> cursors() const = 0;
    /// The notes of that name on events after `after`, oldest first.
    virtual std::vector<NoteEvent> event_notes(std::string_view name, proto::EventSeq after,
                                               std::size_t limit) const = 0;
    virtual Stats stats() const = 0;
    virtual Oldest oldest() const = 0;
    virtual std::vector<AccountView> accounts() const = 0;
    /// By sort.
    virtual std::vector<LearnedTimes> learned_times() const = 0;
    virtual std::optional<Explanation> explain(proto::JobSeq job) const = 0;
};

/// The persistent queue: everything that must survive or be counted. Safe from any thread; answers
/// and reads run on the queue's own. What an answer says is on disk, synced, before it is given.
class Queue {
public:
    virtual ~Queue() = default;

    virtual void execute(Command command, OnAnswer on_answer) = 0;

    /// Runs `look` on the queue's thread between two commits. Keep it short.
    virtual void read(std::function<void(const Reader&)> look) = 0;

    /// Called on the queue's thread after each commit with the number of the last event, and
    /// whether a claim would find work. One listener; set before the first command.
    virtual void on_commit(std::function<void(proto::EventSeq last, bool work)> listener) = 0;
};

/// What a queue is told once. Durations and limits are DESIGN's defaults.
struct QueueOptions {
    proto::Duration retry_base{2'000};
    proto::Duration retry_cap{300'000};
    proto::Duration fetch_patience{24 * 3'600'000LL};
    std::uint64_t jobs_max = 5'000'000;
    proto::Duration retain_jobs{30 * 86'400'000LL};
    std::uint64_t retain_jobs_max = 2'000'000;
    proto::Duration retain_events{14 * 86'400'000LL};
    proto::Duration retain_idempotency{30 * 86'400'000LL};
    proto::Duration retain_blobs{7 * 86'400'000LL};
    std::uint64_t ballast_bytes = 0;  ///< room held back for the database; 0: none

    /// An op's patience and unknown window, slot class and kind; asked for each op once.
    struct Op {
        std::string name;
        std::string slot_class;
        proto::Kind kind = proto::Kind::video;
        proto::Duration patience{3'600'000};
        proto::Duration unknown_window{0};
        bool has_tasks = true;  ///< false: the paid reply is final, and there is nothing to poll
        bool several_tasks = false;                 ///< one purchase may come to more than one
        std::uint64_t reply_bytes_max = 1U << 20U;  ///< room reserved on disk for each submission
    };
    std::vector<Op> ops;
};

}  // namespace genspool::queue
