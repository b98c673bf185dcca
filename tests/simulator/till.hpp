#pragma once

#include "tests/simulator/sale.hpp"

namespace genspool::simulator {

/// One paid request from the door to its reply: refusals, limits, faults, the work, the truth log.
/// The record is written before this returns.
ModelReply serve_paid(World& world, const PaidRoute& route, const Call& call);

}  // namespace genspool::simulator
