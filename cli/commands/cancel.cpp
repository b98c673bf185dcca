#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/acting.hpp"
#include "cli/commands/commands.hpp"
#include "cli/program.hpp"

namespace genspool::cli {

void add_cancel(Program& program) {
    auto targets = std::make_shared<Targets>();
    CLI::App* const verb = program.verb(
        "cancel", "Cancel jobs; what is on the wire already is canceled once it has been answered",
        "  genspool cancel 01KAMZ3T 01KAMZ9Q\n"
        "  genspool cancel --batch 01KAMX --state queued",
        [targets](Context& context) { return act(context, *targets, "cancel", "", true); });
    add_targets(*verb, *targets);
}

}  // namespace genspool::cli
