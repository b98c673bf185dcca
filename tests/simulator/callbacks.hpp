#pragma once

#include "tests/simulator/sale.hpp"

namespace genspool::simulator {

/// What the upstream says of a task of its own accord, if the request that bought it names a
/// `callback_url`: the bodies are shorter than a query's answers, as nobody may believe them.
Callbacks callbacks_of(World& world, const Sale& sale, const Sold& sold);

}  // namespace genspool::simulator
