#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace genspool::simulation {

/// What a run of the program is asked for.
struct RunOptions {
    std::uint64_t seed = 1;
    std::uint64_t seeds = 1;
    double days = 1.0;
    unsigned jobs = 0;
    bool fresh = false;
    bool trace = false;
    bool sweep = false;
    std::uint64_t stride = 1;            ///< of the sweep: only every so manieth trial
    std::optional<std::uint64_t> trial;  ///< of the sweep: only this one
    std::uint64_t changes_min = 0;       ///< of the sweep
    bool complete = false;
    std::uint64_t transitions_min = 0;
    std::uint64_t crashes_min = 0;
    double until_minutes = 0;  ///< 0: the worlds asked for, and no more
    std::string long_run;      ///< a file that keeps the sum of a run in pieces; empty: none
};

}  // namespace genspool::simulation
