#include "tests/simulation/run.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "daemon/log.hpp"
#include "proto/build.hpp"
#include "tests/simulation/children.hpp"
#include "tests/simulation/run_file.hpp"
#include "tests/simulation/world.hpp"
#include "tests/support/temporary_directory.hpp"

namespace genspool::simulation {
namespace {

using Clock = std::chrono::steady_clock;

/// What a child process says of the worlds it has played.
struct Verdict {
    Coverage coverage;
    std::uint64_t broken = 0;
    std::uint64_t next_seed = 0;  ///< behind all that it has played
};

void complain(std::uint64_t seed, double days, const World& world) {
    std::string text = "BROKEN in step " + std::to_string(world.steps()) + " of seed " +
                       std::to_string(seed) + ":\n";
    for (const std::string& sentence : world.broken())
        text += "  " + sentence + "\n";
    char number[32];
    std::snprintf(number, sizeof number, "%g", days);
    text += "commit " + std::string(proto::build().commit) + "\nreplay: ./run sim --seed " +
            std::to_string(seed) + " --days " + number + " --trace\n";
    std::cerr << text << std::flush;
}

/// False: a promise was broken.
bool play(std::uint64_t seed, const RunOptions& options, const std::string& state_dir,
          Coverage& coverage) {
    std::function<void(const std::string&)> trace;
    if (options.trace) trace = [](const std::string& line) { std::cout << line << '\n'; };
    World world(make_scenario(seed), options.days, state_dir, coverage, trace);
    const bool kept = world.run();
    if (!kept) complain(seed, options.days, world);
    return kept;
}

/// Every jobs-th world, beginning with the first-th; then fresh ones until somebody finds a promise
/// broken, or the time is over.
Verdict play_some(const RunOptions& options, const std::vector<std::uint64_t>& seeds,
                  unsigned first, unsigned jobs, SharedFlag& broken) {
    Verdict verdict;
    const tests::TemporaryDirectory state;
    for (std::size_t n = first; n < seeds.size(); n += jobs) {
        if (!play(seeds[n], options, state.path(), verdict.coverage)) ++verdict.broken;
    }
    verdict.next_seed = options.seed + options.seeds;
    if (options.until_minutes <= 0) return verdict;
    const auto until =
        Clock::now() + std::chrono::duration<double, std::ratio<60>>(options.until_minutes);
    std::uint64_t next = verdict.next_seed + first;
    if (verdict.broken != 0) broken.raise();
    for (; Clock::now() < until && !broken.raised(); next += jobs) {
        verdict.next_seed = next + 1;
        if (play(next, options, state.path(), verdict.coverage)) continue;
        ++verdict.broken;
        broken.raise();
    }
    return verdict;
}

std::vector<std::uint64_t> seeds_of(const RunOptions& options) {
    std::vector<std::uint64_t> seeds;
    for (std::uint64_t n = 0; n < options.seeds; ++n)
        seeds.push_back(options.seed + n);
    if (options.fresh) {
        seeds.push_back(std::random_device{}());
        std::cout << "fresh seed " << seeds.back() << "\n";
    }
    return seeds;
}

/// Adds what was played before, and keeps the sum for the next piece.
void add_to_long_run(const std::string& path, Verdict& all, double& seconds) {
    LongRun run = read_long_run(path);
    all.coverage.add(run.coverage);
    all.broken += run.broken;
    seconds += run.seconds;
    run = {all.coverage, all.broken, all.next_seed, seconds};
    write_long_run(path, run);
}

bool enough(const RunOptions& options, const Coverage& coverage) {
    bool good = true;
    if (coverage.transitions() < options.transitions_min) {
        std::cerr << "fewer than " << options.transitions_min << " transitions\n";
        good = false;
    }
    if (coverage.crashes < options.crashes_min) {
        std::cerr << "fewer than " << options.crashes_min << " crashes\n";
        good = false;
    }
    if (options.complete && coverage.missing() != 0) {
        std::cerr << coverage.missing() << " cells of the coverage table are empty\n";
        good = false;
    }
    return good;
}

}  // namespace

int run(RunOptions options) {
    const auto began = Clock::now();
    if (!options.long_run.empty()) {
        const LongRun before = read_long_run(options.long_run);
        if (before.next_seed != 0) options.seed = before.next_seed;
    }
    daemon::set_log_sink([trace = options.trace](daemon::Level, const std::string& line) {
        if (trace) std::cout << line << '\n';
    });
    const std::vector<std::uint64_t> seeds = seeds_of(options);
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    unsigned jobs = options.jobs == 0 ? cores : options.jobs;
    if (options.until_minutes <= 0)
        jobs = std::min<unsigned>(jobs, static_cast<unsigned>(seeds.size()));
    SharedFlag broken;
    Verdict all;
    if (jobs <= 1 || options.trace) {
        all = play_some(options, seeds, 0, 1, broken);
    } else {
        std::cout << std::flush;
        const auto play = [&](unsigned first) {
            return play_some(options, seeds, first, jobs, broken);
        };
        for (const auto& verdict : in_children<Verdict>(jobs, play)) {
            if (verdict) {
                all.coverage.add(verdict->coverage);
                all.next_seed = std::max(all.next_seed, verdict->next_seed);
            }
            if (!verdict) std::cerr << "BROKEN: a child process has died\n";
            all.broken += verdict ? verdict->broken : 1;
        }
    }
    double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    if (!options.long_run.empty()) add_to_long_run(options.long_run, all, seconds);
    const Coverage& coverage = all.coverage;
    std::cout << coverage.table() << coverage.worlds << " worlds, " << coverage.steps << " steps, "
              << coverage.transitions() << " transitions, " << coverage.crashes << " crashes, "
              << all.broken << " broken promises, " << coverage.missing() << " empty cells, "
              << static_cast<std::uint64_t>(seconds) << " s\n";
    return enough(options, coverage) && all.broken == 0 ? 0 : 1;
}

}  // namespace genspool::simulation
