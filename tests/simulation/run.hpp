#pragma once

#include "tests/simulation/options.hpp"

namespace genspool::simulation {

/// Plays the worlds on all cores and prints what was seen. 0: every promise was kept, and what was
/// asked of the coverage is there. 1: not; a broken promise is printed with the line that replays
/// it.
int run(RunOptions options);

}  // namespace genspool::simulation
