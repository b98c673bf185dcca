#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "queue/capacity.hpp"
#include "queue/dispatch_order.hpp"
#include "queue/views.hpp"

/// The queue's own rows, and how each is stored: fields (proto/fields.hpp), so that they can grow;
/// but for IndexRow, which is of fixed width because a start reads millions.
namespace genspool::queue {

/// Under meta("counters"): the numbers that are given next, and the time that never runs backwards.
struct Counters {
    std::uint64_t next_job = 1;
    std::uint64_t next_batch = 1;
    std::uint64_t next_event = 1;
    proto::Instant now{};
    /// What was bought between these is not on record: the queue was set back (setback.hpp).
    proto::Instant forgotten_from{};
    proto::Instant forgotten_until{};

    bool operator==(const Counters&) const = default;
};

/// Under meta("pause").
struct PauseRow {
    bool paused = false;
    std::string reason;
    std::optional<Setback> setback{};  ///< why it began; a resume ends it

    bool operator==(const PauseRow&) const = default;
};

/// Under meta("backup"): this database is a copy that was made then. Gone with its first start.
struct BackupRow {
    proto::Instant at{};

    bool operator==(const BackupRow&) const = default;
};

/// Under state(): all that a start must know of a job that is not at its end.
struct IndexRow {
    LaneId lane = 0;
    std::uint8_t priority = 0;
    bool parked = false;  ///< queued, but its max_cost cannot be judged: no price is known
    GroupId group = 0;
    proto::BatchSeq batch;
    proto::Instant since{};  ///< from when its priority grows
    /// queued: ready; unknown: window's end; fetching: earliest link expiry; held: until when it is
    /// looked for
    proto::Instant due{};
    proto::Instant deadline{};  ///< the epoch: none

    bool operator==(const IndexRow&) const = default;
};

/// Under slot(job, send): a place taken until the upstream is done with it.
struct SlotRow {
    std::string account;
    std::string slot_class;
    proto::Instant expires{};

    bool operator==(const SlotRow&) const = default;
};

/// Under total(): sums of the ledger, in the key's unit.
struct TotalRow {
    proto::Micros reserved = 0;
    proto::Micros spent = 0;
    proto::Micros uncertain = 0;

    bool operator==(const TotalRow&) const = default;
};

/// Under idempotency(): what the first submission became. Outlives it as a tombstone.
struct IdempotencyRow {
    std::string fingerprint;
    proto::JobSeq job;      ///< or
    proto::BatchSeq batch;  ///< one of them
    proto::JobId id;
    proto::Instant ends{};  ///< when it may go; the epoch while what it made has not ended

    bool operator==(const IdempotencyRow&) const = default;
};

/// Under task(): whose it is.
struct TaskRow {
    proto::JobSeq job;
    proto::Send send = 0;

    bool operator==(const TaskRow&) const = default;
};

/// Under lane(): what its number stands for.
struct LaneKey {
    std::string provider;
    std::string op;
    std::string model;
    std::string account;
    std::string slot_class;
    proto::Kind kind = proto::Kind::video;

    auto operator<=>(const LaneKey&) const = default;
};

/// Under completions(): how long the last tasks of a sort took, in milliseconds, oldest first.
struct CompletionsRow {
    std::vector<std::uint64_t> took_ms;
    proto::Instant learned_at{};  ///< the last of them

    bool operator==(const CompletionsRow&) const = default;
};

/// Under thing(): the account has it, and no job's record tells.
struct ThingRow {
    proto::Instant expires{};

    bool operator==(const ThingRow&) const = default;
};

std::string encode(const Counters& row);
std::string encode(const PauseRow& row);
std::string encode(const BackupRow& row);
std::string encode(const IndexRow& row);
std::string encode(const SlotRow& row);
std::string encode(const TotalRow& row);
std::string encode(const IdempotencyRow& row);
std::string encode(const TaskRow& row);
std::string encode(const LaneKey& row);
std::string encode(const CompletionsRow& row);
std::string encode(const ThingRow& row);
std::string encode(const AccountState& row);
std::string encode(
    const BatchView& row);  ///< without money and notes, which have rows of their own
std::string encode(const BlobView& row);
std::string encode(const UploadView& row);
std::string encode(const EventRecord& row);
std::string encode(const LedgerRow& row);
std::string encode(const RefusedLine& row);

/// Reads a row back. nullopt: corrupt.
template <class Row>
std::optional<Row> decode(std::string_view bytes);

}  // namespace genspool::queue
