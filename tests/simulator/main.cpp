// genspool-sim: the MiniMax platform API and useapi.net, played on a local port.

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>

#include "tests/simulator/command_line.hpp"
#include "tests/simulator/logs.hpp"
#include "tests/simulator/port_file.hpp"
#include "tests/simulator/server.hpp"
#include "tests/simulator/upstream_model.hpp"

namespace {

using namespace genspool::simulator;

struct Settings {
    ModelOptions model;
    ServerOptions server;
    std::string port_file;
    std::string truth_log;
    std::string fault_log;
};

/// Hands a word to its reader, in CLI11's terms.
void heed(const std::optional<std::string>& problem) {
    if (problem) throw CLI::ValidationError(*problem);
}

void add_options(CLI::App& app, Settings& settings) {
    auto& [model, server, port_file, truth_log, fault_log] = settings;
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
}

int run(Settings settings) {
    settings.model.stall_cuts = !settings.server.cut_signal.empty();
    FileRecorder recorder(settings.truth_log, settings.fault_log);
    UpstreamModel model(settings.model, recorder);
    boost::asio::io_context io(1);
    Server server(io, model, settings.server);
    boost::asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&server](const boost::system::error_code& ec, int) {
        if (!ec) server.stop();
    });
    server.start();
    if (!settings.port_file.empty()) write_port_file(settings.port_file, server.port());
    std::cout << "listening on " << settings.server.address << ':' << server.port() << std::endl;
    io.run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Plays the MiniMax platform API and useapi.net on a local port, faults included.",
                 "genspool-sim");
    Settings settings;
    add_options(app, settings);
    app.footer(help_footer());
    CLI11_PARSE(app, argc, argv);
    try {
        return run(std::move(settings));
    } catch (const std::exception& e) {
        std::cerr << "genspool-sim: " << e.what() << '\n';
        return 1;
    }
}
