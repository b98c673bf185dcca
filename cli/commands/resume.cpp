#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/acting.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/pausing.hpp"
#include "cli/program.hpp"

namespace genspool::cli {
namespace {

struct Options {
    std::vector<std::string> accounts;
    bool yes = false;
};

/// After a restore: what waits may have been bought already.
void ask_about_doubtful(Context& context) {
    Selection doubtful;
    doubtful.doubtful = true;
    const Stakes at = stakes(context, doubtful);
    if (!at.jobs.empty())
        confirm(context, "buy " + at.jobs +
                             " that may have been bought already (genspool ls --doubtful)" +
                             at.cost);
}

Exit resume(Context& context, const Options& options) {
    if (options.accounts.empty() && !options.yes) ask_about_doubtful(context);
    return pause_or_resume(context, options.accounts, "resume", "");
}

}  // namespace

void add_resume(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb =
        program.verb("resume", "Buy again; at an account, end its quarantines too",
                     "  genspool resume\n"
                     "  genspool resume main",
                     [options](Context& context) { return resume(context, *options); });
    verb->add_option("ACCOUNT", options->accounts, "Only these accounts")->type_name("");
    verb->add_flag("--yes", options->yes,
                   "Do not ask, after a restore, before what may have been bought is bought");
}

}  // namespace genspool::cli
