#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "cli/commands/commands.hpp"
#include "cli/job_text.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"
#include "cli/targets.hpp"
#include "cli/urls.hpp"
#include "cli/watching.hpp"
#include "cli/words.hpp"

namespace genspool::cli {

namespace {

struct Options {
    Targets targets;
    Watch watch;
};

Exit show(Context& context, const Options& options) {
    bool first = true;
    return on_each(context, chosen_ids(context, options.targets), [&](const std::string& id) {
        const std::string body = context.daemon().get(job_path(id));
        if (context.json) {
            context.print_json(body);
        } else {
            if (!std::exchange(first, false)) context.console.out("\n");
            print_job(context.console, parse_reply(body), wall_now());
        }
        return Exit::done;
    });
}

}  // namespace

void add_show(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb = program.verb("show", "Show everything about a job",
                                        "  genspool show 01KAMZ3T --watch\n"
                                        "  genspool show --state held --label film=reel-3",
                                        [options](Context& context) {
                                            return watched(context, options->watch,
                                                           [&] { return show(context, *options); });
                                        });
    add_targets(*verb, options->targets);
    add_watch(*verb, options->watch);
}

}  // namespace genspool::cli
