#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <memory>

#include "cli/commands/acting.hpp"
#include "cli/commands/commands.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"

namespace genspool::cli {
namespace {

struct Options {
    Targets targets;
    std::vector<std::string> adopt;
    bool absent = false;
    bool lost = false;
    bool yes = false;
};

std::string jobs_text(std::size_t jobs) {
    return std::to_string(jobs) + (jobs == 1 ? " held job" : " held jobs");
}

std::string body_of(const Options& options) {
    if (int{options.absent} + int{options.lost} + int{!options.adopt.empty()} != 1)
        throw CommandFailed(Exit::usage, "say one of --adopt TASK, --absent and --lost");
    if (options.absent) return R"({"absent":true})";
    if (options.lost) return R"({"lost":true})";
    boost::json::array tasks(options.adopt.begin(), options.adopt.end());
    boost::json::object body;
    body["adopt"] = std::move(tasks);
    return boost::json::serialize(body);
}

Exit resolve(Context& context, const Options& options) {
    const std::string body = body_of(options);
    Targets targets = options.targets;
    check_targets(targets);
    const bool selected = targets.selected();
    // There is no call that resolves many, so the jobs are listed first.
    if (selected && targets.selection.state.empty()) targets.selection.state = "held";
    targets.ids = chosen_ids(context, targets);
    targets.selection = {};
    if (!options.adopt.empty() && targets.ids.size() > 1)
        throw CommandFailed(Exit::usage, "--adopt is for one job: a task belongs to one job only");
    if (selected && options.adopt.empty() && !options.yes)
        confirm(context, "resolve " + jobs_text(targets.ids.size()) +
                             (options.absent ? ", which buys them anew"
                                             : ", which gives them up and counts them as spent"));
    return act(context, targets, "resolve", body, false);
}

}  // namespace

void add_resolve(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb = program.verb(
        "resolve", "Say what became of a purchase that nobody could confirm",
        "  genspool resolve 01KAMZ3T --adopt 106916112212032   # it was bought: this is its task\n"
        "  genspool resolve 01KAMZ3T --absent                  # it was not bought: try again\n"
        "  genspool resolve --batch 01KAMX --lost --yes        # let them go; counts as spent",
        [options](Context& context) { return resolve(context, *options); });
    add_targets(*verb, options->targets);
    verb->add_option("--adopt", options->adopt, "It was bought: the upstream's task (repeatable)")
        ->allow_extra_args(false)
        ->type_name("TASK");
    verb->add_flag("--absent", options->absent, "It was not bought: it is queued again");
    verb->add_flag("--lost", options->lost, "It may have been bought: it fails, counted as spent");
    verb->add_flag("--yes", options->yes,
                   "Do not ask before jobs that were not named are resolved");
}

}  // namespace genspool::cli
