#pragma once

#include "tests/simulation/options.hpp"

namespace genspool::simulation {

/// Plays one small world again and again. Each time one change of the disk goes wrong, with each
/// error that it may have: once, or for a while in all of that part of the state directory. The
/// daemon goes on, or ends itself and starts again; then the disk is sound, everything has to come
/// to its end, and every promise to be kept. Prints how many changes there are and what came of
/// them. The program's exit code.
int sweep(const RunOptions& options);

}  // namespace genspool::simulation
