#pragma once

#include <cstdint>
#include <string>

#include "tests/simulator/till.hpp"

namespace genspool::simulator::useapi {

std::optional<ModelReply> screen(World& world, const Sale& sale);
ModelReply refuse(World& world, const Sale& sale, int status);
Callbacks callbacks_of(World& world, const Sale& sale, const Sold& sold);

/// How useapi.net sells: the account of a sale's call is a linked one.
inline constexpr House house{screen, refuse, useapi_code, callbacks_of};

/// The number in the token that a sale came with.
std::string user_of(const Sale& sale);

/// In credits of the site.
std::int64_t cost_of(const Sale& sale);

}  // namespace genspool::simulator::useapi
