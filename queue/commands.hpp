#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "proto/completion_times.hpp"
#include "proto/file_rule.hpp"
#include "proto/job.hpp"
#include "proto/thing.hpp"
#include "queue/account.hpp"
#include "queue/reports.hpp"

/// The intents a queue takes, and its answers. Each is a compare-and-set: repeating one is
/// harmless, a late one is refused.
namespace genspool::queue {

/// Why a command did nothing. Ok and already mean that what was wanted is true.
enum class Errc : std::uint8_t {
    ok,
    already,  ///< it was so before
    stale,    ///< the job has moved on: another send, another state
    not_found,
    not_allowed,  ///< the state has no such transition
    not_owner,    ///< the principal may not act on this job
    conflict,     ///< idempotency key used before with another body; custom_id taken in this batch
    full,         ///< queue_jobs_max or the disk's last watermark
    sealed,       ///< the batch takes no more jobs
    needs_again,  ///< would buy after an uncertain send, or buy again what succeeded
    bad_task,     ///< resolve: this task belongs to another job, or the job has no account
    read_only,    ///< intake is closed: the disk is full
    undecided,    ///< a batch with this idempotency key is being handed in; it may be dropped yet
    too_many,     ///< one batch with more jobs than queue_jobs_max
    bad_job,      ///< what it waits for, takes or names is not there, or does not fit: see code
};

std::string_view to_string(Errc errc);

/// Where a batch came from.
enum class BatchSource : std::uint8_t { http = 1, inbox = 2 };

/// Finds a first submission again. Both parts are made by the caller.
struct Idempotency {
    std::string scope_hash;   ///< 16 bytes: of principal and key
    std::string fingerprint;  ///< 32 bytes: of the canonical body; a batch's may follow at its seal
};

struct AdmitOne {
    proto::JobSpec spec;
    std::string slot_class;  ///< of its op
    std::optional<Idempotency> idempotency;
    /// Names of the jobs it waits for: ids, or custom_ids of earlier lines of its batch. The queue
    /// finds them and fills spec.after.
    std::vector<std::string> after = {};
    /// The files it takes: of other jobs, for each of which it waits as well, and files that were
    /// handed in.
    std::vector<proto::FilePlace> inputs = {};
    std::vector<proto::NamedThing> names = {};  ///< as proto::Checked::names
    std::string listed_as = {};                 ///< as proto::Checked::listed_as
    std::string timed_as = {};                  ///< as proto::Checked::timed_as
    /// 16 bytes that stand for what was ordered: who repeats it before the answer was had finds the
    /// job by them. Empty: nobody will.
    std::string order = {};
};

/// Where a job may go: it wishes so, or names what one account has.
struct BoundTo {
    std::string account;  ///< empty: to any
};

/// One job, outside any batch. Reply: Admitted; `already` gives the first job of that key.
struct Admit {
    AdmitOne job;
};

/// Begins a batch; nothing of it is dispatched, listed or bought before its seal. Reply:
/// BatchOpened.
struct OpenBatch {
    BatchSource source = BatchSource::http;
    std::string name;  ///< file name, or empty
    std::string principal;
    std::string
        identity;  ///< inbox: what finds a half import again (inode, mtime, size); else empty
    std::optional<Idempotency> idempotency;
    std::optional<proto::Micros> budget;  ///< see SetBatchBudget
};

/// A refused line of a batch, kept for its errors file.
struct RefusedLine {
    std::uint64_t line = 0;
    std::string custom_id;
    std::string code;
    std::string field;
    std::string message;
};

/// Some lines of an open batch, with how far the reader has come. Reply: ChunkAdmitted. A job whose
/// custom_id is taken in this batch becomes a refused line of the reply; the others are admitted.
struct AdmitChunk {
    proto::BatchSeq batch;
    std::vector<std::pair<std::uint64_t, AdmitOne>> jobs;  ///< line number, job
    std::vector<RefusedLine> refused;
    std::string
        progress;  ///< the reader's own words (offset, line, rolling hash); stored as they are
};

/// Makes the batch visible and sets it going, in one commit. Reply: Sealed. `full` where it no
/// longer fits: others may have been sealed since its lines were taken.
struct Seal {
    proto::BatchSeq batch;
    std::string content_hash;
    std::string fingerprint = {};  ///< of its key's body, where OpenBatch did not know it yet
};

/// Drops an unsealed batch whole. Works in bounded steps inside; Reply: Acknowledged.
struct DropBatch {
    proto::BatchSeq batch;
};

/// A small note on a batch (file moved, results clean), stored as it is under its name; an empty
/// value takes it away.
struct NoteBatch {
    proto::BatchSeq batch;
    std::string name;
    std::string value;
};

/// As long as a batch has a note of this name, retention leaves its jobs alone once all of them
/// have ended: whoever wrote it has something left to do then.
inline constexpr std::string_view keep_note = "keep";

/// A file is there, synced, for requests to name: until the retention after it was last asked for,
/// and until no job that takes it is left. Reply: Acknowledged.
struct KeepBlob {
    std::string sha256;  ///< 64 hexadecimal digits in lower case
    std::string media_type;
    bool said = false;  ///< somebody says so; else a type that was said of it before stays
    std::uint64_t bytes = 0;
};

/// A file of an account's at the upstream, by what it is and what for.
struct UploadName {
    std::string account;
    std::string sha256;   ///< 64 hexadecimal digits in lower case
    std::string purpose;  ///< in the upstream's words
};

/// The account has this file at the upstream now. Reply: Acknowledged.
struct KeepUpload {
    UploadName name;
    std::string handle;
    proto::Instant expires{};
};

/// The account has this thing at the upstream, of which no job tells; until then it is remembered
/// whose it is. Reply: Acknowledged.
struct KeepThing {
    std::string account;
    proto::Thing thing;
    proto::Instant expires{};
};

/// The account has the file of this handle no more: no request names it again, nor is it remembered
/// whose it was. Reply: Acknowledged.
struct ForgetUpload {
    std::string account;
    std::string handle;
};

/// Work for up to so many steps of each kind. Reply: Claimed.
struct Claim {
    std::uint32_t fetches = 0;
    std::uint32_t polls = 0;
    std::uint32_t submits = 0;
    std::uint32_t recoveries = 0;
};

/// A step's outcome. The work lease of the job ends with it.
struct Advance {
    proto::JobSeq job;
    proto::Send send = 0;
    proto::State from = proto::State::absent;
    Report report;
};

enum class Verb : std::uint8_t { cancel, retry, resolve_adopt, resolve_absent, resolve_lost };

/// Who acts, and on whose jobs he may.
struct Actor {
    std::string principal;
    bool admin = false;
};

/// Something a person or a program wants of one job.
struct Act {
    proto::JobSeq job;
    Verb verb = Verb::cancel;
    Actor actor;
    bool again = false;  ///< retry: buying after an uncertain send, or after a success
    std::vector<std::string> tasks{};  ///< resolve_adopt
    bool many = false;                 ///< one of a selection: never buys again what succeeded
};

/// Priority and labels may change.
struct Patch {
    proto::JobSeq job;
    Actor actor;
    std::optional<std::uint8_t> priority;
    std::optional<std::vector<std::pair<std::string, std::string>>> labels;
};

/// The whole answer to the job's order is with its client: who orders the same from now on orders
/// anew.
struct AnswerHad {
    proto::JobSeq job;
};

/// Stops or starts submitting: everywhere (`account` empty) or at one account. Resuming an account
/// also ends its quarantines. Reply: Acknowledged.
struct Pause {
    std::string account;
    bool paused = true;
    std::string reason;
};

/// How full the disk is, as a watcher sees it.
enum class DiskGate : std::uint8_t { open, no_submit, no_fetch, no_intake };

struct SetDiskGate {
    DiskGate gate = DiskGate::open;
    std::uint64_t spare_bytes = UINT64_MAX;  ///< free bytes that submissions may still count on
};

/// The accounts as they are configured now. Replaces the former set.
struct Configure {
    std::vector<AccountSetup> accounts;
    std::map<proto::Unit, proto::Micros> day_budget{};  ///< for all accounts together
};

/// What the batch's jobs may cost together, in their unit, from now on: spent, reserved and
/// uncertain. nullopt: as much as they will.
struct SetBatchBudget {
    proto::BatchSeq batch;
    std::optional<proto::Micros> budget;
    Actor actor;
};

/// The upstream's clock was seen to be so far ahead of ours just now.
struct NoteClock {
    std::string account;
    proto::Duration ahead;
};

/// An account was looked at, at its upstream. Kept in memory only: after a start it is looked at
/// anew.
struct SeeAccount {
    std::string account;
    proto::AccountSight sight;
};

/// A small note on an event of the log, stored as it is under its name; an empty value takes it
/// away. It goes when the event does.
struct NoteEvent {
    proto::EventSeq event;
    std::string name;
    std::string value;
};

/// A reader of the event log has done its work up to and including `upto`; what it must remember is
/// kept in the same commit.
struct Consume {
    std::string cursor;
    proto::EventSeq upto;
    std::vector<NoteBatch> notes;
    std::vector<NoteEvent> event_notes{};
    /// It wants to come back to this event: retention leaves it and its job, and what comes behind.
    /// nullopt: all up to `upto` may go.
    std::optional<proto::EventSeq> returns_to{};
};

/// There is no such reader of the event log any more: retention waits for it no longer, and its
/// notes on events, those under the cursor's name, are gone.
struct DropCursor {
    std::string cursor;
};

/// This job was on the CPU when the last process died.
struct Blame {
    proto::JobSeq job;
};

/// The upstream may have something new to tell of the task: ask for it soon, though not more often
/// than hint_gap allows. Nothing is stored, and nothing concluded. Reply: Acknowledged; `not_found`
/// if no job has the task, and then it is asked for as soon as one has it, within
/// early_hint_lasts.
struct Hint {
    std::string account;
    std::string task;
};

/// Time has passed. Due times are looked at by every batch of commands; this one only says so.
struct Tick {};

using Command = std::variant<Admit, OpenBatch, AdmitChunk, Seal, DropBatch, NoteBatch, KeepBlob,
                             KeepUpload, KeepThing, ForgetUpload, Claim, Advance, Act, Patch,
                             AnswerHad, SetBatchBudget, Pause, SetDiskGate, Configure, NoteClock,
                             SeeAccount, Consume, DropCursor, Blame, Hint, Tick>;

enum class WorkKind : std::uint8_t {
    fetch,      ///< bring an artifact home
    poll,       ///< ask for a task
    submit,     ///< the paid call; the send is recorded
    recover,    ///< found in `preparing` or `submitting` at start: what has come of it?
    reconcile,  ///< nobody knows whether it was taken: look for it by evidence
};

/// One step to do. Until it is answered by Advance no other step of this job is handed out.
struct Work {
    WorkKind kind = WorkKind::poll;
    proto::JobRecord record;
    std::shared_ptr<const proto::JobSpec> spec;
    /// What is known of how long tasks of its sort take; null: nothing.
    std::shared_ptr<const proto::CompletionTimes> times;
};

struct Admitted {
    proto::JobId id;
    proto::State state = proto::State::queued;
};
struct BatchOpened {
    proto::BatchSeq batch;
    proto::JobId id;       ///< the batch's id as users see it
    std::string progress;  ///< of a half import that goes on; empty for a new one
    bool sealed = false;   ///< `already`: it was complete
};
struct ChunkAdmitted {
    std::uint32_t accepted = 0;
    std::vector<RefusedLine> refused;  ///< by the queue: custom_id taken
};
struct Sealed {
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
};
struct Claimed {
    std::vector<Work> work;
};
struct Acknowledged {};
/// The job after the command.
struct Changed {
    proto::State state = proto::State::absent;
};

struct Answer {
    Errc errc = Errc::ok;
    std::string detail;  ///< one sentence for people where errc is neither ok nor already
    std::variant<Acknowledged, Admitted, BatchOpened, ChunkAdmitted, Sealed, Claimed, Changed> body;
    std::string field = {};  ///< bad_job: where it stands, as in "after[1]"
    std::string code = {};   ///< bad_job: as a batch would have it on the refused line
};

}  // namespace genspool::queue
