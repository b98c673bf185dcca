#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "proto/time.hpp"

namespace genspool::proto {

/// A number that means one thing. Never mixed with another by accident.
template <class Tag>
struct Number {
    std::uint64_t value = 0;

    auto operator<=>(const Number&) const = default;
    explicit operator bool() const { return value != 0; }
};

/// A job's place in the order of admission; 1 is the first. Inside only; users see JobId.
using JobSeq = Number<struct JobSeqTag>;
/// A batch's number; 0 means "in no batch".
using BatchSeq = Number<struct BatchSeqTag>;
/// An event's number in the log, strictly increasing; 1 is the first.
using EventSeq = Number<struct EventSeqTag>;

/// The number of a submission of one job; 0 before the first claim. The fence for what comes back.
using Send = std::uint32_t;

/// The id users see: a ULID (26 characters, Crockford base 32, sorts by time of admission).
/// Its low 64 bits are the sequence number, scrambled by an invertible multiplication, so that no
/// index from id to job is needed and neighbouring jobs do not share long prefixes.
class JobId {
public:
    JobId() = default;

    /// The id of job `seq`, admitted at `at`; `salt` fills the 16 bits between time and sequence.
    static JobId make(Instant at, JobSeq seq, std::uint16_t salt);
    /// Batch ids are of the same form, in a space of their own.
    static JobId make_batch(Instant at, BatchSeq seq, std::uint16_t salt);

    /// Reads 26 characters, in either case; nullopt if they are no ULID.
    static std::optional<JobId> parse(std::string_view text);

    std::string text() const;
    JobSeq seq() const;
    BatchSeq batch_seq() const;
    Instant at() const;  ///< the time it was made, to the millisecond

    const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
    static JobId from_bytes(const std::array<std::uint8_t, 16>& bytes);

    /// The smallest id that begins with these 1 to 26 characters; nullopt if they are none of a
    /// ULID.
    static std::optional<JobId> lowest_with_prefix(std::string_view prefix);
    /// The greatest such id.
    static std::optional<JobId> highest_with_prefix(std::string_view prefix);

    auto operator<=>(const JobId&) const = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
};

}  // namespace genspool::proto

template <class Tag>
struct std::hash<genspool::proto::Number<Tag>> {
    std::size_t operator()(const genspool::proto::Number<Tag>& number) const noexcept {
        return std::hash<std::uint64_t>{}(number.value);
    }
};
