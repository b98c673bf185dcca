// genspool-simulate: whole days of the daemon, with everything that can go wrong, from a seed.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

#include "tests/simulation/options.hpp"
#include "tests/simulation/run.hpp"
#include "tests/simulation/sweep.hpp"

int main(int argc, char** argv) {
    genspool::simulation::RunOptions options;
    CLI::App app("Simulates the daemon against a lying upstream, and checks every promise");
    app.add_option("--seed", options.seed, "the first world's seed")->capture_default_str();
    app.add_option("--seeds", options.seeds, "how many worlds")->capture_default_str();
    app.add_option("--days", options.days, "of each world's own time")->capture_default_str();
    app.add_option("--jobs", options.jobs, "worlds at the same time; 0: one for each core");
    app.add_flag("--fresh", options.fresh, "one more world, of a seed nobody knows");
    app.add_flag("--trace", options.trace, "print what happens");
    app.add_flag("--complete", options.complete, "fail if a cell of the coverage table is empty");
    app.add_option("--transitions-min", options.transitions_min, "fail if there were fewer");
    app.add_option("--crashes-min", options.crashes_min, "fail if there were fewer");
    app.add_option("--until", options.until_minutes, "go on with fresh worlds for so many minutes");
    app.add_option("--long-run", options.long_run,
                   "go on behind the seeds of the run in this file, and add to it");
    app.add_flag("--sweep", options.sweep,
                 "let each change of the disk go wrong once, in a small world of that seed");
    app.add_option("--stride", options.stride, "of the sweep: only every so manieth trial");
    app.add_option("--trial", options.trial, "of the sweep: only this one");
    app.add_option("--changes-min", options.changes_min, "of the sweep: fail if there were fewer");
    CLI11_PARSE(app, argc, argv);
    try {
        if (options.sweep) return genspool::simulation::sweep(options);
        return genspool::simulation::run(options);
    } catch (const std::exception& error) {
        std::cerr << "genspool-simulate: " << error.what() << '\n';
        return 2;
    }
}
