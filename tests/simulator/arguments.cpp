#include "tests/simulator/arguments.hpp"

#include <archive.h>
#include <openssl/crypto.h>

#include <CLI/CLI.hpp>

#include "proto/build.hpp"
#include "tests/simulator/command_line.hpp"

namespace genspool::simulator {
namespace {

/// Hands a word to its reader, in CLI11's terms.
void heed(const std::optional<std::string>& problem) {
    if (problem) throw CLI::ValidationError(*problem);
}

}  // namespace

void describe(CLI::App& app, Arguments& arguments) {
    auto& [model, server, port_file, truth_log, fault_log] = arguments;
    app.description(
        "Plays the MiniMax platform API and useapi.net on a local port, faults included.");
    app.set_version_flag("--version", version_text(false), "print the version and exit");
    const std::string as_json = "with --version: as JSON, with everything that is linked";
    app.add_flag("--json", as_json);
    const auto span = [&app](const char* name, Duration& into, const char* what) {
        const auto read = [&into](const std::string& word) { heed(read_span(word, into)); };
        app.add_option_function<std::string>(name, read, what)
            ->type_name("TIME")
            ->default_str(genspool::proto::format_duration(into));
    };
    const auto words = [&app](const char* name, const char* form, const char* what, auto read) {
        const auto each = [read](const std::vector<std::string>& given) {
            for (const auto& word : given)
                heed(read(word));
        };
        app.add_option_function<std::vector<std::string>>(name, each, what)->type_name(form);
    };
    const auto listen = [&server](const std::string& word) { heed(read_listen(word, server)); };
    app.add_option_function<std::string>("--listen", listen,
                                         "where to listen; port 0: any free one")
        ->type_name("ADDRESS:PORT")
        ->default_str("127.0.0.1:0");
    app.add_option("--port-file", port_file, "is written with the port once it listens");
    app.add_option("--truth", truth_log, "gets one JSON line per paid submission taken");
    app.add_option("--fault-log", fault_log, "gets one JSON line per fault and limit violation");
    span("--latency", model.latency, "what a video or a synchronous call takes, give or take half");
    span("--link-life", model.link_life, "how long a download link is valid");
    app.add_option("--seed", model.seed, "of every chance taken")->capture_default_str();
    words("--fault", "NAME=RATE", "how often a fault strikes (list below)",
          [&model](const std::string& word) { return read_fault(word, model.faults); });
    words("--limit", "CLASS=N", "work at once per account; more is refused and logged",
          [&model](const std::string& word) { return read_class_number(word, model.limits); });
    words("--rpm", "CLASS=N", "requests a minute per account; more is refused and logged",
          [&model](const std::string& word) { return read_class_number(word, model.rpm); });
    app.add_option("--size", model.video_bytes, "pads videos to that many bytes (64K, 1M)")
        ->transform(CLI::AsSizeValue(false))
        ->type_name("BYTES");
    app.add_option(
        "--cut-signal", server.cut_signal,
        "gets one JSON line when part of a paid reply is sent; the rest is then held back");
    span("--hold", server.hold, "how long a held reply waits");
    app.footer(help_footer());
}

std::string version_text(bool json) {
    if (!json) return "genspool-sim " + std::string(proto::build().version);
    const std::string archive = archive_version_string();
    return proto::build_json("genspool-sim", {{"boost", proto::boost_version()},
                                              {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
                                              {"libarchive", archive.substr(archive.find(' ') + 1)},
                                              {"CLI11", CLI11_VERSION}});
}

}  // namespace genspool::simulator
