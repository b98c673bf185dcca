// genspool-sim: the MiniMax platform API and useapi.net, played on a local port.

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>

#include "tests/simulator/arguments.hpp"
#include "tests/simulator/logs.hpp"
#include "tests/simulator/port_file.hpp"
#include "tests/simulator/server.hpp"
#include "tests/simulator/upstream_model.hpp"

namespace {

using namespace genspool::simulator;

int run(Arguments arguments) {
    arguments.model.stall_cuts = !arguments.server.cut_signal.empty();
    FileRecorder recorder(arguments.truth_log, arguments.fault_log);
    UpstreamModel model(arguments.model, recorder);
    boost::asio::io_context io(1);
    Server server(io, model, arguments.server);
    boost::asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&server](const boost::system::error_code& ec, int) {
        if (!ec) server.stop();
    });
    server.start();
    if (!arguments.port_file.empty()) write_port_file(arguments.port_file, server.port());
    std::cout << "listening on " << arguments.server.address << ':' << server.port() << std::endl;
    io.run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app(std::string(), "genspool-sim");
    Arguments arguments;
    describe(app, arguments);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForVersion&) {
        std::cout << version_text(app.count("--json") != 0) << "\n";
        return 0;
    } catch (const CLI::ParseError& error) {
        return app.exit(error);
    }
    try {
        return run(std::move(arguments));
    } catch (const std::exception& e) {
        std::cerr << "genspool-sim: " << e.what() << '\n';
        return 1;
    }
}
