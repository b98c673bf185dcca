#pragma once

#include <cstdint>

#include "tests/support/sanitized.hpp"

namespace genspool::tests {

/// What the daemon takes at most with the limits it has by default and few jobs, as
/// docs/overload.md states it.
inline constexpr std::uint64_t memory_ceiling_megabytes = 512;
inline constexpr std::uint64_t memory_ceiling_bytes = memory_ceiling_megabytes * 1'000'000;

/// Sanitizers take memory of their own.
inline constexpr bool memory_is_measured = !sanitized;

}  // namespace genspool::tests
