#include "tests/simulation/sweep.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iomanip>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "daemon/log.hpp"
#include "tests/simulation/children.hpp"
#include "tests/simulation/world.hpp"
#include "tests/support/temporary_directory.hpp"

namespace genspool::simulation {
namespace {

using tests::DiskCall;

/// For so many changes a fault lasts that does not strike only once.
constexpr std::size_t lasting_changes = 40;

constexpr std::array<std::string_view, tests::disk_call_count> call_names{
    "create", "write", "sync", "sync directory", "rename", "remove", "truncate"};
/// The parts of the state directory by their first folder; the last one is all the rest.
constexpr std::array<std::string_view, 9> areas{
    "db", "spool", "blobs", "artifacts", "results", "inbox", "accepted", "rejected", "(other)"};
/// The first of them that each world of a sweep has to change.
constexpr std::size_t areas_wanted = 7;

struct Change {
    DiskCall call = DiskCall::write;
    std::size_t area = 0;
};

struct Trial {
    std::size_t nth = 0;  ///< the change that goes wrong
    tests::Fault fault = tests::Fault::io_error;
    bool lasts = false;
    std::size_t cut_after = 0;  ///< so many changes later the power goes; 0: it does not
};

struct Row {
    std::uint64_t changes = 0;
    std::uint64_t trials = 0;
    std::uint64_t deaths = 0;  ///< after which it started again
    std::uint64_t broken = 0;
};

struct Table {
    std::array<std::array<Row, tests::disk_call_count>, areas.size()> rows{};

    Row& at(const Change& change) {
        return rows.at(change.area).at(static_cast<std::size_t>(change.call));
    }
};

std::size_t area_of(std::string_view path) {
    for (const std::string_view root : {"/state/", "/"}) {
        if (!path.starts_with(root)) continue;
        path.remove_prefix(root.size());
        break;
    }
    const std::string_view folder = path.substr(0, path.find('/'));
    return static_cast<std::size_t>(std::find(areas.begin(), areas.end() - 1, folder) -
                                    areas.begin());
}

/// Nothing goes wrong in it by itself.
Scenario calm_scenario(std::uint64_t seed) {
    Scenario scenario = make_scenario(seed);
    scenario.upstream.faults = {};
    scenario.way = {};
    scenario.callbacks = {};  // nothing of them is written
    scenario.config.callbacks = {};
    scenario.steps_a_deed = 12;
    scenario.steps_a_crash = 0;
    scenario.steps_a_trouble = 0;
    scenario.slow_tasks = false;
    return scenario;
}

std::vector<Change> changes_of(const RunOptions& options, const std::string& state_dir) {
    std::vector<Change> changes;
    Coverage coverage;
    World world(calm_scenario(options.seed), options.days, state_dir, coverage, {});
    world.disk().set_judge([&](DiskCall call, const std::string& path) {
        changes.push_back({call, area_of(path)});
        return std::optional<tests::Fault>();
    });
    if (!world.run()) throw std::logic_error("it breaks a promise before anything goes wrong");
    return changes;
}

std::vector<tests::Fault> faults_of(DiskCall call) {
    using enum tests::Fault;
    if (call == DiskCall::write) return {no_space, io_error, short_write};
    if (call == DiskCall::create || call == DiskCall::rename) return {no_space, io_error};
    return {io_error};
}

std::vector<Trial> trials_of(const std::vector<Change>& changes) {
    std::vector<Trial> trials;
    for (std::size_t nth = 0; nth < changes.size(); ++nth) {
        for (const tests::Fault fault : faults_of(changes[nth].call)) {
            trials.push_back({nth, fault, false, 0});
            trials.push_back({nth, fault, true, 0});
            // Once what failed was tried again, and perhaps said to be done.
            trials.push_back({nth, fault, false, 4 + nth % 8});
        }
    }
    return trials;
}

class Sweep {
public:
    Sweep(const RunOptions& options, std::vector<Change> changes)
        : options_(options), changes_(std::move(changes)), trials_(trials_of(changes_)) {}

    /// Every so manieth trial from the first-th on.
    Table play(unsigned first, unsigned jobs) const {
        Table table;
        const tests::TemporaryDirectory state;
        if (options_.trial) {
            try_out(*options_.trial, state.path(), table);
            return table;
        }
        for (std::size_t n = first * options_.stride; n < trials_.size();
             n += jobs * options_.stride)
            try_out(n, state.path(), table);
        return table;
    }

private:
    void try_out(std::size_t number, const std::string& state_dir, Table& table) const {
        const Trial& trial = trials_.at(number);
        Coverage coverage;
        std::function<void(const std::string&)> trace;
        if (options_.trace) trace = [](const std::string& line) { std::cout << line << '\n'; };
        World world(calm_scenario(options_.seed), options_.days, state_dir, coverage, trace);
        std::size_t seen = 0;
        std::size_t left = trial.lasts ? lasting_changes : 1;
        const std::size_t area = changes_[trial.nth].area;
        std::size_t until_cut = trial.cut_after;
        world.disk().set_judge([&](DiskCall, const std::string& path) {
            const bool strikes = seen++ >= trial.nth && left > 0 && area_of(path) == area;
            if (strikes) --left;
            const bool cut = left == 0 && until_cut > 0 && --until_cut == 0;
            if (cut) return std::optional(tests::Fault::power_cut);
            return strikes ? std::optional(trial.fault) : std::nullopt;
        });
        const bool kept = world.run();
        Row& row = table.at(changes_[trial.nth]);
        ++row.trials;
        row.deaths += coverage.crashes;
        if (kept) return;
        ++row.broken;
        complain(number, world);
    }

    void complain(std::size_t number, const World& world) const {
        const Trial& trial = trials_[number];
        const Change& change = changes_[trial.nth];
        std::string text = "BROKEN after the " + std::to_string(trial.nth) + "th change, a " +
                           std::string(call_names.at(static_cast<std::size_t>(change.call))) +
                           " in " + std::string(areas.at(change.area)) + ":\n";
        for (const std::string& sentence : world.broken())
            text += "  " + sentence + "\n";
        std::cerr << text << "replay: ./run sim --sweep --seed " << options_.seed << " --days "
                  << options_.days << " --trial " << number << " --trace\n"
                  << std::flush;
    }

    const RunOptions& options_;
    std::vector<Change> changes_;
    std::vector<Trial> trials_;
};

std::uint64_t changes_in(const Table& table, std::size_t area) {
    std::uint64_t changes = 0;
    for (const Row& row : table.rows.at(area))
        changes += row.changes;
    return changes;
}

void print(const Table& table, const Row& all) {
    std::cout << "area         change            changes   faults   deaths   broken\n";
    for (std::size_t area = 0; area < areas.size(); ++area) {
        for (std::size_t call = 0; call < call_names.size(); ++call) {
            const Row& row = table.rows.at(area).at(call);
            if (row.changes == 0) continue;
            std::cout << std::left << std::setw(13) << areas.at(area) << std::setw(15)
                      << call_names.at(call) << std::right << std::setw(10) << row.changes
                      << std::setw(9) << row.trials << std::setw(9) << row.deaths << std::setw(9)
                      << row.broken << '\n';
        }
    }
    std::cout << all.changes << " changes of the disk, " << all.trials << " faults, " << all.deaths
              << " deaths, " << all.broken << " broken promises\n";
}

}  // namespace

int sweep(const RunOptions& options) {
    daemon::set_log_sink([trace = options.trace](daemon::Level, const std::string& line) {
        if (trace) std::cout << line << '\n';
    });
    const tests::TemporaryDirectory state;
    const std::vector<Change> changes = changes_of(options, state.path());
    const Sweep all_trials(options, changes);
    Table table;
    for (const Change& change : changes)
        ++table.at(change).changes;
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const unsigned jobs = options.trial ? 1 : options.jobs == 0 ? cores : options.jobs;
    std::uint64_t dead_children = 0;
    const auto play = [&](unsigned first) { return all_trials.play(first, jobs); };
    for (const auto& part : in_children<Table>(jobs, play)) {
        if (!part) ++dead_children;
        for (std::size_t area = 0; part && area < areas.size(); ++area) {
            for (std::size_t call = 0; call < call_names.size(); ++call) {
                Row& row = table.rows.at(area).at(call);
                const Row& more = part->rows.at(area).at(call);
                row.trials += more.trials;
                row.deaths += more.deaths;
                row.broken += more.broken;
            }
        }
    }
    Row all;
    for (const auto& of_area : table.rows) {
        for (const Row& row : of_area) {
            all.changes += row.changes;
            all.trials += row.trials;
            all.deaths += row.deaths;
            all.broken += row.broken;
        }
    }
    print(table, all);
    if (dead_children != 0) std::cerr << "BROKEN: a child process has died\n";
    // Another world comes from a seed when the simulation learns something: perhaps an idle one.
    bool too_few = all.changes < options.changes_min;
    if (too_few) std::cerr << "fewer than " << options.changes_min << " changes of the disk\n";
    for (std::size_t area = 0; area < areas_wanted; ++area) {
        if (changes_in(table, area) > 0) continue;
        std::cerr << "no change in " << areas.at(area) << '\n';
        too_few = true;
    }
    return all.broken == 0 && dead_children == 0 && all.trials != 0 && !too_few ? 0 : 1;
}

}  // namespace genspool::simulation
