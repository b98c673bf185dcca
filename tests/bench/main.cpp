// genspool-bench: measures the programs beside it, and compares with the budgets of the design.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "tests/bench/bench.hpp"
#include "tests/bench/machine.hpp"

namespace {

namespace fs = std::filesystem;
using namespace genspool::bench;

struct Settings {
    std::vector<std::string> names;
    std::string directory = "/tmp";
    std::string programs = fs::read_symlink("/proc/self/exe").parent_path().string();
    bool quick = false;
    bool keep = false;
};

std::string make_directory(const std::string& parent) {
    std::string path = parent + "/genspool-bench.XXXXXX";
    if (::mkdtemp(path.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), path);
    return path;
}

bool wanted(const Settings& settings, std::string_view name) {
    return settings.names.empty() ||
           std::ranges::find(settings.names, name) != settings.names.end();
}

bool run_one(const Settings& settings, const Bench& bench, Report& report) {
    std::cerr << bench.name << ": " << bench.what << "\n";
    const std::string directory = make_directory(settings.directory);
    Context context{settings.programs, directory, settings.quick, report};
    bool done = false;
    try {
        bench.run(context);
        done = true;
    } catch (const std::exception& error) {
        std::cerr << "  cannot be measured: " << error.what() << "\n";
    }
    if (!settings.keep && done)
        fs::remove_all(directory);
    else
        std::cerr << "  (its files: " << directory << ")\n";
    return done;
}

int run(const Settings& settings) {
    Report report;
    bool all_done = true;
    for (const Bench& bench : all_benches()) {
        if (wanted(settings, bench.name)) all_done = run_one(settings, bench, report) && all_done;
    }
    std::cout << "\n" << machine_facts(settings.directory) << "\n";
    const bool all_stand = report.print();
    if (!all_stand) std::cout << "\nNot every budget stands on this machine.\n";
    return all_done ? 0 : 1;
}

std::string footer() {
    std::string text = "Measurements:\n";
    for (const Bench& bench : all_benches()) {
        std::string name(bench.name);
        name.resize(16, ' ');
        text += "  " + name + std::string(bench.what) + "\n";
    }
    return text;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Measures genspool on this machine, beside the budgets of its design.",
                 "genspool-bench");
    Settings settings;
    std::vector<std::string> names;
    for (const Bench& bench : all_benches())
        names.emplace_back(bench.name);
    app.add_option("NAME", settings.names, "what to measure; default: everything")
        ->check(CLI::IsMember(names));
    app.add_flag("--quick", settings.quick, "a tenth of the work");
    app.add_flag("--keep", settings.keep, "leave the files behind");
    app.add_option("--directory", settings.directory, "on the disk to be measured")
        ->capture_default_str()
        ->check(CLI::ExistingDirectory);
    app.add_option("--programs", settings.programs, "where genspoold and genspool-sim lie");
    app.footer(footer());
    CLI11_PARSE(app, argc, argv);
    try {
        return run(settings);
    } catch (const std::exception& error) {
        std::cerr << "genspool-bench: " << error.what() << "\n";
        return 1;
    }
}
