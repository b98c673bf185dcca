#include <malloc.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>

#include "daemon/doctor/run.hpp"
#include "daemon/offline.hpp"
#include "daemon/program.hpp"
#include "daemon/rehearsal/run.hpp"

namespace {

/// Each download takes buffers of some 100 KB for moments: given back to the kernel each time, they
/// cost a twentieth of the daemon's work in page faults.
void keep_freed_memory() {
    ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 4 << 20);
}

void add_rehearsal(CLI::App& app, genspool::daemon::RunRehearsal& rehearsal) {
    const auto foretell = [](CLI::Option* option, const char* type) {
        option->type_name(type)->group("Rehearsing a batch without buying anything");
    };
    foretell(app.add_option("--rehearse", rehearsal.file,
                            "print as JSON when this batch file would end, what it would cost, and "
                            "what holds it, and exit (`genspool rehearse` puts it for people)"),
             "FILE");
    foretell(app.add_option("--times", rehearsal.times,
                            "with --rehearse: what the upstream takes, as in minimax.video_v1=3m"),
             "KEY=SPAN");
    foretell(app.add_option("--learned", rehearsal.learned,
                            "with --rehearse: likewise, as a daemon has learned it; what --times "
                            "says of the same counts"),
             "KEY=QUICK/MEDIAN/SLOW");
    foretell(app.add_option("--budget", rehearsal.budget, "with --rehearse: of the batch"),
             "AMOUNT");
}

}  // namespace

/// The daemon. Everything it is told stands in its configuration; see docs/configuration.md.
int main(int argc, char** argv) {
    keep_freed_memory();
    genspool::daemon::ProgramOptions options;
    genspool::daemon::OfflineOptions offline;
    genspool::daemon::RunRehearsal rehearsal;
    genspool::daemon::RunDoctor doctor;
    CLI::App app("genspoold, the spooler for generative-media jobs");
    app.set_version_flag("--version", std::string("genspoold ") + GENSPOOL_VERSION);
    app.add_option("--config", options.config_file,
                   "configuration (default: /etc/genspool/genspool.toml, if there is one)")
        ->type_name("FILE");
    app.add_flag("--check-config", options.check_config,
                 "print the whole effective configuration, secrets left out, and exit");
    app.add_flag("-v,--verbose", options.verbose, "log more");
    const auto look = [](CLI::Option* option, const char* type) {
        option->type_name(type)->group("Looking into a state directory in which no daemon works");
    };
    look(app.add_option("--verify", offline.verify,
                        "check everything in it, print the verdict as JSON, and exit "
                        "(`genspool verify` puts it for people)"),
         "DIR");
    look(app.add_flag("--quick", offline.quick, "with --verify: without reading the artifacts"),
         "");
    look(app.add_option("--ledger", offline.ledger,
                        "print its ledger as JSON (`genspool ledger --dir`)"),
         "DIR");
    look(app.add_option("--target", offline.target,
                        "with --ledger: /v1/ledger or /v1/ledger/totals, with a query"),
         "TARGET");
    add_rehearsal(app, rehearsal);
    app.add_flag("--doctor", doctor.wanted,
                 "look for the usual mistakes, print findings as JSON, and exit "
                 "(`genspool doctor` puts them for people)");
    app.add_option("--regions", doctor.regions, "with --doctor, for tests: base URLs")->group("");
    app.footer(
        "Without a configuration it works under $XDG_STATE_HOME/genspool, without accounts.");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const bool wrong = app.exit(error) != 0;
        return static_cast<int>(wrong ? genspool::daemon::ExitCode::usage
                                      : genspool::daemon::ExitCode::ok);
    }
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
