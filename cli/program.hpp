#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/failure.hpp"

namespace genspool::cli {

/// What a command does once its options are read; its exit code.
using Action = std::function<Exit(Context&)>;

/// The command line: verbs are added to it, then it is parsed, then the verb's action runs.
class Program {
public:
    explicit Program(Context& context);

    /// A verb, with --json and --socket. `example` is one or more command lines.
    CLI::App* verb(const std::string& name, const std::string& what, const std::string& example,
                   Action action);

    /// Parses and runs; errors of either are told on the console. The process's exit code.
    int run(std::vector<std::string> arguments);

    /// As it can be told of: verbs, options and their help.
    const CLI::App& app() const { return app_; }

private:
    void add_common(CLI::App& verb);
    int complete(std::vector<std::string> words);
    int complain(const CLI::ParseError& error) const;

    Context& context_;
    CLI::App app_;
    Action action_;
};

/// For arguments that an unset variable would leave empty.
CLI::Validator not_empty();

/// The whole program but for the process around it.
int run_program(std::vector<std::string> arguments, Environment environment, Console& console,
                std::chrono::seconds away_max = std::chrono::seconds{60});

}  // namespace genspool::cli
