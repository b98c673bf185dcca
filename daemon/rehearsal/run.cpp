#include "daemon/rehearsal/run.hpp"

#include <filesystem>
#include <fstream>
#include <istream>
#include <ostream>
#include <utility>

#include "daemon/rehearsal/rehearsal.hpp"
#include "daemon/rehearsal/report_text.hpp"
#include "proto/catalog/catalog.hpp"

namespace genspool::daemon {

namespace fs = std::filesystem;

namespace {

RehearsalReport rehearse(std::istream& in, const std::string& file, const Config& config,
                         const proto::Registry& registry, RehearsalOptions options) {
    const Admission admission(registry, config);
    BatchFile lines({in, fs::path(file == "-" ? "" : file).parent_path(), admission, "rehearsal",
                     config.limits.line_bytes_max, options.start});
    Rehearsal rehearsal(config, registry, std::move(options));
    JudgedLines some = lines.next();
    if (some.empty()) throw NoBatch("it is empty");
    for (; !some.empty(); some = lines.next())
        rehearsal.add(std::move(some));
    rehearsal.run();
    return rehearsal.report();
}

ExitCode complain(std::ostream& err, const std::string& why, ExitCode exit = ExitCode::usage) {
    err << "genspool: " << why << '\n';
    return exit;
}

}  // namespace

ExitCode run_rehearsal(const RunRehearsal& wanted, std::istream& in, std::ostream& out,
                       std::ostream& err) {
    const proto::Registry& registry = proto::catalog();
    ConfigSources sources = ConfigSources::of_process(registry);
    sources.keys = false;
    const ConfigResult read = read_config(wanted.config_file, sources);
    if (const auto* const errors = std::get_if<std::vector<ConfigError>>(&read)) {
        for (const ConfigError& error : *errors)
            complain(err, error.text());
        return ExitCode::usage;
    }
    const auto given = given_times(wanted.times, registry);
    if (!given) return complain(err, given.error().message);
    const auto learned = learned_times(wanted.learned);
    if (!learned) return complain(err, learned.error().message);
    const TimesTable assumed = assumed_times(registry);
    RehearsalOptions options;
    options.times = {&*given, &*learned, &assumed};
    options.start = std::chrono::floor<proto::Duration>(std::chrono::system_clock::now());
    if (!wanted.budget.empty()) {
        options.budget = proto::parse_micros(wanted.budget);
        if (!options.budget) return complain(err, "--budget wants an amount as in 5.00");
    }
    std::ifstream file;
    if (wanted.file != "-") {
        std::error_code ignored;  // what cannot be looked at cannot be opened either
        if (!fs::exists(wanted.file, ignored))
            return complain(err, "there is no file " + wanted.file, ExitCode::not_found);
        file.open(wanted.file, std::ios::binary);
        if (!file || fs::is_directory(wanted.file, ignored))
            return complain(err, wanted.file + " cannot be read");
    }
    try {
        std::istream& batch = wanted.file == "-" ? in : file;
        const auto report =
            rehearse(batch, wanted.file, std::get<Config>(read), registry, std::move(options));
        out << report_text(wanted.file, report) << std::endl;
    } catch (const NoBatch& none) {
        return complain(err, wanted.file + ": " + none.what());
    } catch (const std::exception& error) {
        return complain(err, error.what(), ExitCode::failed);
    }
    if (!out) return complain(err, "the answer cannot be written", ExitCode::failed);
    return ExitCode::ok;
}

}  // namespace genspool::daemon
