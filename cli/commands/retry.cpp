#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/acting.hpp"
#include "cli/commands/commands.hpp"
#include "cli/program.hpp"

namespace genspool::cli {
namespace {

struct Options {
    Targets targets;
    bool again = false;
    bool yes = false;
};

Exit retry(Context& context, const Options& options) {
    if (options.again && !options.targets.selection.empty()) {
        throw CommandFailed(Exit::usage, "--again may buy a second time: name each job by its id");
    }
    check_targets(options.targets);
    if (options.targets.selected() && !options.yes) {
        const Stakes at = stakes(context, options.targets.selection);
        if (at.jobs.empty()) throw CommandFailed(Exit::not_found, "there are no such jobs");
        confirm(context,
                "retry " + at.jobs + ", which buys again what cannot be fetched" + at.cost);
    }
    const char* const body = options.again ? R"({"again":true})" : "";
    return act(context, options.targets, "retry", body, false);
}

}  // namespace

void add_retry(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb = program.verb(
        "retry", "Go on with jobs that ended: fetch what was bought, else buy it again",
        "  genspool retry 01KAMZ3T\n"
        "  genspool retry --state failed --label film=reel-3 --yes",
        [options](Context& context) { return retry(context, *options); });
    add_targets(*verb, options->targets);
    verb->add_flag("--again", options->again,
                   "Buy again even what succeeded, or may have been bought already");
    verb->add_flag("--yes", options->yes, "Do not ask before jobs that were not named are retried");
}

}  // namespace genspool::cli
