#pragma once

#include "tests/simulator/call.hpp"
#include "tests/simulator/world.hpp"

namespace genspool::simulator::useapi {

inline constexpr std::string_view base = "/v1/minimax/";

/// A call below `base`.
ModelReply serve(World& world, const Call& call);

/// POST /sim/useapi: how one account stands. All of the body, or nothing of it.
ModelReply set_account(World& world, const Call& call);

/// All jobs under way are over; how many there were.
std::uint64_t finish_jobs(World& world, Instant now);

}  // namespace genspool::simulator::useapi
