#include <malloc.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "daemon/arguments.hpp"

namespace {

/// Each download takes buffers of some 100 KB for moments: given back to the kernel each time, they
/// cost a twentieth of the daemon's work in page faults.
void keep_freed_memory() {
    ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 4 << 20);
}

}  // namespace

/// The daemon. Everything it is told stands in its configuration; see docs/configuration.md.
int main(int argc, char** argv) {
    keep_freed_memory();
    genspool::daemon::Arguments arguments;
    CLI::App app(std::string(), "genspoold");
    genspool::daemon::describe(app, arguments);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForVersion&) {
        std::cout << genspool::daemon::version_text(app.count("--json") != 0) << "\n";
        return 0;
    } catch (const CLI::ParseError& error) {
        const bool wrong = app.exit(error) != 0;
        return static_cast<int>(wrong ? genspool::daemon::ExitCode::usage
                                      : genspool::daemon::ExitCode::ok);
    }
    auto& [options, offline, rehearsal, doctor] = arguments;
    if (offline.wanted())
        return static_cast<int>(genspool::daemon::run_offline(offline, std::cout, std::cerr));
    if (!rehearsal.file.empty()) {
        rehearsal.config_file = options.config_file;
        return static_cast<int>(
            genspool::daemon::run_rehearsal(rehearsal, std::cin, std::cout, std::cerr));
    }
    if (doctor.wanted) {
        doctor.config_file = options.config_file;
        return static_cast<int>(genspool::daemon::run_doctor(doctor, std::cout, std::cerr));
    }
    return static_cast<int>(genspool::daemon::run_program(options));
}
