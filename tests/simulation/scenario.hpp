#pragma once

#include <cstdint>
#include <string>

#include "daemon/config.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulator/options.hpp"
#include "tests/workers/model_upstream.hpp"

namespace genspool::simulation {

/// How callbacks come, if the accounts have addresses for them; in per cent of those that the
/// upstream makes.
struct CallbackWay {
    bool on = false;
    std::uint64_t lost = 0;
    std::uint64_t hasty = 0;  ///< before what they say is so, perhaps before the task is known
    std::uint64_t late = 0;
    std::uint64_t again = 0;            ///< and again, up to ten times
    std::uint64_t steps_a_forgery = 0;  ///< in turns of the loop, about; 0: never
};

/// What a world is like, from its seed: some are mild, some have a fault that strikes all the time.
struct Scenario {
    std::uint64_t seed = 0;
    daemon::Config config;  ///< with the accounts as they are in peace
    simulator::ModelOptions upstream;
    tests::BadWay way;
    CallbackWay callbacks;
    // In turns of the loop, about; 0: never.
    std::uint64_t steps_a_deed = 20;      ///< between two things users do
    std::uint64_t steps_a_crash = 2'000;  ///< between two crashes or stops
    std::uint64_t steps_a_trouble = 700;  ///< between two other troubles of the machine
    std::size_t backlog_max = 0;          ///< with so many open jobs nobody hands in more
    std::uint64_t batch_lines_max = 60;   ///< of each of its three chunks
    std::uint64_t wishes_of_one = 860;    ///< less of them: more change whole batches
    std::uint64_t h3_percent = 25;        ///< of the films, those that can be looked for in a list
    std::uint64_t deaths_at_files = 0;    ///< so many come right after a change of a file
    bool clock_runs_ahead = false;        ///< most troubles set the wall clock forward
    bool slow_tasks = false;              ///< some work takes longer than its patience
};

Scenario make_scenario(std::uint64_t seed);

}  // namespace genspool::simulation
