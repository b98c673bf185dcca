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
};

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

/// There is no call that resolves many, so the jobs are listed first.
void take_selected(Context& context, Targets& targets) {
    if (targets.selection.empty() || !targets.ids.empty()) return;
    if (targets.selection.state.empty()) targets.selection.state = "held";
    Target target("/v1/jobs");
    targets.selection.add_to(target);
    target.add("limit", "1000");
    for_each_page(context.daemon(), target, [&targets](const std::string& body) {
        for (const auto& job : list_at(parse_reply(body), "jobs"))
            targets.ids.push_back(text_at(job, "id"));
        return true;
    });
    targets.selection = {};
}

Exit resolve(Context& context, const Options& options) {
    const std::string body = body_of(options);
    Targets targets = options.targets;
    const bool selected = !targets.selection.empty() && targets.ids.empty();
    take_selected(context, targets);
    if (selected && targets.ids.empty())
        throw CommandFailed(Exit::not_found, "no such job is held");
    if (!options.adopt.empty() && targets.ids.size() > 1)
        throw CommandFailed(Exit::usage, "--adopt is for one job: a task belongs to one job only");
    return act(context, targets, "resolve", body, false);
}

}  // namespace

void add_resolve(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb = program.verb(
        "resolve", "Say what became of a purchase that nobody could confirm",
        "  genspool resolve 01KAMZ3T --adopt 106916112212032   # it was bought: this is its task\n"
        "  genspool resolve 01KAMZ3T --absent                  # it was not bought: try again\n"
        "  genspool resolve --batch 01KAMX --lost              # let them go; counts as spent",
        [options](Context& context) { return resolve(context, *options); });
    add_targets(*verb, options->targets);
    verb->add_option("--adopt", options->adopt, "It was bought: the upstream's task (repeatable)")
        ->allow_extra_args(false)
        ->type_name("TASK");
    verb->add_flag("--absent", options->absent, "It was not bought: it is queued again");
    verb->add_flag("--lost", options->lost, "It may have been bought: it fails, counted as spent");
}

}  // namespace genspool::cli
