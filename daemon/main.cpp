#include <CLI/CLI.hpp>
#include <string>

#include "daemon/program.hpp"

/// The daemon. Everything it is told stands in its configuration; see docs/configuration.md.
int main(int argc, char** argv) {
    genspool::daemon::ProgramOptions options;
    CLI::App app("genspoold, the spooler for generative-media jobs");
    app.set_version_flag("--version", std::string("genspoold ") + GENSPOOL_VERSION);
    app.add_option("--config", options.config_file,
                   "configuration (default: /etc/genspool/genspool.toml, if there is one)")
        ->type_name("FILE");
    app.add_flag("--check-config", options.check_config,
                 "print the whole effective configuration, secrets left out, and exit");
    app.add_flag("-v,--verbose", options.verbose, "log more");
    app.footer(
        "Without a configuration it works under $XDG_STATE_HOME/genspool, without accounts.");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const bool wrong = app.exit(error) != 0;
        return static_cast<int>(wrong ? genspool::daemon::ExitCode::usage
                                      : genspool::daemon::ExitCode::ok);
    }
    return static_cast<int>(genspool::daemon::run_program(options));
}
