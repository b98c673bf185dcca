#pragma once

#include "tests/simulator/sale.hpp"

namespace genspool::simulator {

/// What the upstream says of a task of its own accord, if the request that bought it names a
/// `callback_url`: the bodies are shorter than a query's answers, as nobody may believe them.
Callbacks callbacks_of(World& world, const Sale& sale, const Sold& sold);

/// What becomes of planned callbacks by the faults that strike them; `stranger` is the body of one
/// that no sale has caused.
Callbacks strike_callbacks(World& world, const Sale& sale, const Sold& sold, Callbacks plan,
                           std::string stranger);

}  // namespace genspool::simulator
