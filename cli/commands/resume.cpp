#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/commands/pausing.hpp"
#include "cli/program.hpp"

namespace genspool::cli {

void add_resume(Program& program) {
    auto accounts = std::make_shared<std::vector<std::string>>();
    CLI::App* const verb = program.verb(
        "resume", "Buy again; at an account, end its quarantines too",
        "  genspool resume\n"
        "  genspool resume main",
        [accounts](Context& context) { return pause_or_resume(context, *accounts, "resume", ""); });
    verb->add_option("ACCOUNT", *accounts, "Only these accounts")->type_name("");
}

}  // namespace genspool::cli
