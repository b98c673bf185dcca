#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/failure.hpp"
#include "proto/ids.hpp"
#include "proto/lifecycle.hpp"
#include "proto/money.hpp"
#include "proto/time.hpp"

namespace genspool::proto {

/// What the user wants. Numbers are stored; append only.
enum class Kind : std::uint8_t {
    video = 1,
    video_template = 2,
    tts = 3,
    music = 4,
    lyrics = 5,
    image = 6,
    agent = 7,
    voice_clone = 8,
    voice_design = 9,
    chat = 10,
    chat_batch = 11,
};

std::string_view to_string(Kind kind);
std::optional<Kind> parse_kind(std::string_view text);

/// What to do when a send can neither be found nor proven absent.
struct OnUnknown {
    enum class Policy : std::uint8_t { hold = 0, resubmit = 1, resubmit_up_to = 2 };

    Policy policy = Policy::hold;
    Micros up_to = 0;  ///< resubmit_up_to: the quote must not exceed this

    bool operator==(const OnUnknown&) const = default;
};

/// A job as it was submitted and checked. Never changes after admission, but for PATCH of the
/// labels.
struct JobSpec {
    Kind kind = Kind::video;
    std::string request;   ///< the provider's own body, JSON, the producer's bytes
    std::string provider;  ///< fixed at admission
    std::string op;        ///< fixed at admission, as in "minimax.video_v1"
    std::string
        model;  ///< the model the op will use, for lanes, prices and quarantine; may be empty
    std::string account;  ///< the account it is bound to, or empty: any of the provider's
    std::string custom_id;
    std::vector<std::pair<std::string, std::string>> labels;  ///< sorted by name
    std::uint8_t priority = 5;                                ///< 0 last … 9 first
    Instant not_before{};                                     ///< the epoch: at once
    std::optional<Instant> deadline;                          ///< past it nothing is bought
    std::uint32_t max_attempts = 3;                           ///< sends that may cost money
    std::optional<Micros> max_cost;  ///< in the provider's unit, over all attempts
    std::optional<Money> quote;      ///< estimate of one attempt; nullopt: price unknown
    OnUnknown on_unknown;
    std::string output;     ///< template of the artifacts' names; empty: the default
    std::string principal;  ///< who submitted it, as in "uid:1000"
    std::string webhook;    ///< URL that is told of its end, or that it is held; empty: none
    /// The W3C trace context that it was handed in with (traceparent), or empty.
    std::string traceparent;

    bool operator==(const JobSpec&) const = default;
};

/// The upstream's handle of one piece of bought work.
struct Task {
    enum class Status : std::uint8_t { open = 0, done = 1, failed = 2, gone = 3 };

    std::string id;       ///< as the upstream wrote it
    std::string account;  ///< (account, id) belongs to one job only
    Send send = 0;        ///< the send that bought it
    Status status = Status::open;

    bool operator==(const Task&) const = default;
};

/// Where an artifact's bytes come from.
struct Source {
    enum class From : std::uint8_t {
        reply = 0,   ///< inside the spooled reply of `send`
        link = 1,    ///< at `value`, a URL that cannot be renewed
        handle = 2,  ///< `value` is asked for a fresh URL each time (a file id)
    };

    From from = From::reply;
    std::string value;
    Instant expires_at = never;  ///< when the link, or what the handle names, is gone
    Send send = 0;
    bool packed = false;  ///< what is there may be an archive, and the artifact a file in it
    std::string member;   ///< packed: the file's name in it; empty: its sound file

    bool operator==(const Source&) const = default;
};

/// One file that a job produced, on its way home or there.
struct Artifact {
    enum class Status : std::uint8_t {
        open = 0,   ///< to be fetched
        named = 1,  ///< verified on disk as its part file; name, bytes and hash are settled
        home = 2,   ///< under its final name, fsynced
        lost = 3,   ///< will never come
    };

    Source source;
    Status status = Status::open;
    std::string media_type;  ///< "video/mp4", …; what the signature must agree with
    std::string name;        ///< relative to the artifact root; empty until named
    std::uint64_t bytes = 0;
    std::string sha256;  ///< lower-case hex
    std::optional<Failure> failure;

    bool operator==(const Artifact&) const = default;
};

/// A file that a request takes, in the place of a reference. Of another job: which file it is is
/// settled when that job has succeeded, and stays so, whatever becomes of the job.
struct Input {
    JobId job;  ///< none: it was handed in itself, and is known by its hash
    std::uint32_t n = 0;
    std::string name;  ///< as Artifact::name; empty until settled, and if there is no job
    std::string media_type;
    std::uint64_t bytes = 0;
    std::string sha256;

    bool handed_in() const { return job == JobId{}; }
    bool operator==(const Input&) const = default;
};

/// What of a job changes: small, rewritten at every transition.
struct JobRecord {
    JobId id;
    JobSeq seq;
    BatchSeq batch;
    State state = State::absent;
    bool cancel_waits = false;
    bool late = false;     ///< bought before its deadline, finished after it
    bool overdue = false;  ///< past its op's patience
    bool partial = false;
    Send send = 0;              ///< of the last claim; a preparation that fails gives it back
    std::uint32_t charged = 0;  ///< sends that may have cost money
    std::uint32_t max_attempts = 3;
    std::uint8_t priority = 5;
    std::uint32_t lane = 0;  ///< the queue's number for (provider, op, model, bound account)
    std::string account;     ///< of that claim
    std::string principal;
    Instant created_at{};
    Instant updated_at{};
    std::optional<Instant> finished_at;
    Instant ready_at{};               ///< queued: not before; the epoch: at once
    std::optional<Instant> deadline;  ///< cleared by a retry
    Instant sent_at{};                ///< when the last send was recorded; patience counts from it
    std::uint32_t backoffs = 0;       ///< put back in a row; grows the backoff
    std::uint32_t fetch_troubles = 0;
    Instant fetch_since{};         ///< when fetching began; [fetch] patience counts from it
    std::uint32_t gone_count = 0;  ///< "gone" answers in a row
    Instant gone_since{};
    std::uint32_t crashes = 0;  ///< process deaths with a step of this job on the CPU
    std::vector<Task> tasks;
    std::vector<Artifact> artifacts;
    std::optional<Failure> failure;  ///< the last one; also while a retry waits
    std::string reason;              ///< why queued, unknown or held, in words; may be empty
    std::string upstream_state;      ///< the last state word seen, verbatim
    std::string result;              ///< small JSON result, or empty
    Send result_send = 0;            ///< the last send that was answered; 0: none was
    std::optional<Money> quote;      ///< of one attempt
    std::optional<Micros> max_cost;
    OnUnknown on_unknown;
    Micros reserved = 0;      ///< of the open send, in quote's unit
    Micros spent = 0;         ///< over all sends
    Micros uncertain = 0;     ///< over all sends
    std::string idempotency;  ///< 16 bytes that find its idempotency row, or empty
    /// What brought it back to where it is bought again; admitted: nothing did. Kept on the next
    /// purchase's row of the ledger, which outlives the log.
    Event bought_for = Event::admitted;
    std::vector<JobId> after;   ///< nothing of it is bought before these have succeeded
    bool freed = false;         ///< they have; what becomes of them later is no matter
    bool unsent = false;        ///< held, and nothing was sent under its last number
    std::vector<Input> inputs;  ///< one for each reference in the request, in its order; their
                                ///< jobs, if they have some, stand in `after`
    std::vector<std::string> voices;  ///< that it speaks with
    bool follows_voice = false;       ///< its lane's account is that of a voice, and no wish
    std::string listed_as;            ///< as Checked::listed_as
    std::string timed_as;             ///< as Checked::timed_as
    std::string order;  ///< 16 bytes that find it for who repeats it; empty: its answer was had

    bool operator==(const JobRecord&) const = default;
};

/// The name of a job's last send, for upstreams that keep one: "JOB#2".
std::string reference_of(const JobRecord& record);

/// The upstream has given what the last send was to buy, or all of it that is no file.
bool was_answered(const JobRecord& record);

/// Charged, and nobody knows whether the money is gone: buying again needs a person's word.
bool has_uncertain_send(const JobRecord& record);

}  // namespace genspool::proto
