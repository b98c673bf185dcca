#include "daemon/arguments.hpp"

#include <archive.h>
#include <openssl/crypto.h>
#include <spdlog/fmt/fmt.h>
#include <spdlog/version.h>
#include <toml++/toml.h>

#include <CLI/CLI.hpp>

#include "proto/build.hpp"
#include "queue/core.hpp"
#include "queue/rocksdb_version.hpp"

namespace genspool::daemon {
namespace {

std::string dotted(int major, int minor, int patch) {
    return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

/// As they are linked, where they can tell; else as they were compiled with.
proto::Libraries libraries() {
    constexpr int thousand = 1000;
    const int archive = archive_version_number();
    return {
        {"rocksdb", queue::rocksdb_version()},
        {"boost", proto::boost_version()},
        {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
        {"libarchive",
         dotted(archive / thousand / thousand, archive / thousand % thousand, archive % thousand)},
        {"libsystemd", GENSPOOL_SYSTEMD_VERSION},
        {"spdlog", dotted(SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH)},
        {"fmt", dotted(FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
        {"toml++", dotted(TOML_LIB_MAJOR, TOML_LIB_MINOR, TOML_LIB_PATCH)},
        {"CLI11", CLI11_VERSION},
    };
}

}  // namespace

void describe(CLI::App& app, Arguments& arguments) {
    app.description("genspoold, the spooler for generative-media jobs");
    auto& [program, offline, rehearsal, doctor] = arguments;
    app.set_version_flag("--version", version_text(false), "print the version and exit");
    const std::string as_json = "with --version: as JSON, with everything that is linked";
    app.add_flag("--json", as_json);
    app.add_option("--config", program.config_file,
                   "configuration (default: /etc/genspool/genspool.toml, if there is one)")
        ->type_name("FILE");
    app.add_flag("--check-config", program.check_config,
                 "print the whole effective configuration, secrets left out, and exit");
    app.add_flag("-v,--verbose", program.verbose, "log more");
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
    app.add_flag("--doctor", doctor.wanted,
                 "look for the usual mistakes, print findings as JSON, and exit "
                 "(`genspool doctor` puts them for people)");
    app.add_option("--regions", doctor.regions, "with --doctor, for tests: base URLs")->group("");
    app.footer(
        "Without a configuration it works under $XDG_STATE_HOME/genspool, without accounts.");
}

std::string version_text(bool json) {
    if (json) return proto::build_json("genspoold", libraries(), queue::format_version);
    return "genspoold " + std::string(proto::build().version);
}

}  // namespace genspool::daemon
