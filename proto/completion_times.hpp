#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "proto/time.hpp"

namespace genspool::proto {

/// How long tasks of one sort took, from their send to their end upstream. Only the last of them,
/// so that it follows when the upstream becomes slower or faster. Never changes once it is made.
class CompletionTimes {
public:
    static constexpr std::size_t kept_max = 64;
    /// From so few nothing is told.
    static constexpr std::size_t enough = 10;

    /// Oldest first; of more than `kept_max` the last ones are kept.
    explicit CompletionTimes(std::vector<Duration> took);

    const std::vector<Duration>& took() const { return took_; }
    /// The same, with one more task.
    CompletionTimes with(Duration took) const;

    bool tell() const { return took_.size() >= enough; }
    /// The time within which so many of a hundred tasks ended. Only where they tell anything.
    Duration within(std::uint32_t percent) const;
    /// Within which time half of those ended that took longer than `so_far`; nullopt: none did.
    std::optional<Duration> likely_after(Duration so_far) const;

private:
    std::vector<Duration> took_;
    std::vector<Duration> sorted_;
};

}  // namespace genspool::proto
