#include <string>
#include <vector>

#include "cli/program.hpp"

int main(int count, char** arguments) {
    namespace cli = genspool::cli;
    cli::Console console = cli::standard_console();
    return cli::run_program(std::vector<std::string>(arguments + 1, arguments + count),
                            cli::read_environment(), console);
}
