#include "tests/programs/run_program.hpp"
#include "tests/support/places.hpp"

#include <fstream>
#include <iterator>

namespace genspool::tests {
namespace {

std::string whole_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

ProgramRun run_program(std::vector<std::string> command,
                       const std::vector<std::string>& environment) {
    const TemporaryDirectory said;
    command.at(0) = program(command[0]);
    ProcessOptions options;
    options.command = std::move(command);
    options.environment = environment;
    options.output = said.path("out");
    options.errors = said.path("err");
    Process process(options);
    ProgramRun run;
    run.code = process.wait();
    run.out = whole_file(options.output);
    run.err = whole_file(options.errors);
    return run;
}

ProgramRun run_client(const DaemonProgram& daemon, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "genspool");
    return run_program(std::move(arguments), {"GENSPOOL_SOCKET=" + daemon.socket()});
}

}  // namespace genspool::tests
