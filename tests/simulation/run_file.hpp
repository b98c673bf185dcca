#pragma once

#include <cstdint>
#include <string>

#include "tests/simulation/coverage.hpp"

namespace genspool::simulation {

/// A long run that is played in pieces, by one commit: what all of them have seen so far.
struct LongRun {
    Coverage coverage;
    std::uint64_t broken = 0;
    std::uint64_t next_seed = 0;  ///< 0: nothing was played yet
    double seconds = 0;           ///< of the wall, while it was being played
};

/// Of a file that is not there: nothing yet. Throws std::runtime_error for one of another commit,
/// as its worlds were others, and for what is no such file.
LongRun read_long_run(const std::string& path);
/// As JSON, a line for each row of the lifecycle's table. Whole or not at all. Throws
/// std::runtime_error.
void write_long_run(const std::string& path, const LongRun& run);

}  // namespace genspool::simulation
