#pragma once

#include <cstdint>
#include <optional>

#include "proto/completion_times.hpp"
#include "proto/job.hpp"

namespace genspool::proto {

/// How far a job has come, and when it may be done, as far as anybody can tell.
struct Outlook {
    std::optional<std::uint32_t> permille;  ///< 1000 only once it has succeeded
    std::optional<Instant> eta;  ///< of its end upstream; later than the moment it is told at

    bool operator==(const Outlook&) const = default;
};

/// `times` of its sort of tasks, or null; `said`: how much of it the upstream says is done.
Outlook outlook(const JobRecord& record, const CompletionTimes* times,
                std::optional<std::uint32_t> said, Instant now);

}  // namespace genspool::proto
