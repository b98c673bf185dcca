#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/ids.hpp"

namespace genspool::daemon::gateway {

/// How a client of an upstream's own API calls what is here: a whole number of at most 63 bits, as
/// it expects, and of at most 53 for the first 68,000,000,000 jobs, because programs in JavaScript
/// damage what is larger. It leads to the job without a table (docs/decisions/0022).
struct Number {
    enum class Of : std::uint8_t { task, artifact, upload };

    Of of = Of::task;
    proto::JobSeq job;           ///< of a task or an artifact
    std::uint32_t artifact = 0;  ///< which of the job's
    std::uint64_t check = 0;     ///< of the job's id

    /// Whether the job that was found by the number is the one that is meant.
    bool names(const proto::JobId& id) const;
};

/// What a job's task is called.
std::uint64_t task_number(const proto::JobId& id);

/// What a file of a job is called; nullopt: files that come so late have no number.
std::optional<std::uint64_t> artifact_number(const proto::JobId& id, std::size_t n);

/// What a file that was handed in is called: `random` decides. Below 2^53.
std::uint64_t upload_number(std::uint64_t random);

/// nullopt: no such number was ever given.
std::optional<Number> read_number(std::uint64_t number);
std::optional<Number> read_number(std::string_view decimal);

}  // namespace genspool::daemon::gateway
