#pragma once

#include <cstdint>

namespace genspool::tests {

/// `everyday`, or `soak` where GENSPOOL_SOAK=1 asks for the storms at full length.
std::uint64_t storm_size(std::uint64_t everyday, std::uint64_t soak);

/// GENSPOOL_SEED, which replays a storm's choices, or else a fresh one.
std::uint64_t storm_seed();

}  // namespace genspool::tests
