#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "cli/commands/acting.hpp"
#include "cli/commands/commands.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"
#include "proto/money.hpp"

namespace genspool::cli {
namespace {

struct Options {
    Targets targets;
    bool again = false;
    bool yes = false;
};

/// How many jobs that is, and what it could cost: nobody wants to guess.
std::string stakes(Context& context, const Selection& selection) {
    std::uint64_t jobs = 0;
    std::map<std::string, proto::Micros> prices;
    for_each_selected(context, selection, [&](const boost::json::value& job) {
        ++jobs;
        const auto price = proto::parse_micros(text_at(job, "cost.estimated"));
        if (price) prices[text_at(job, "cost.unit")] += *price;
    });
    if (jobs == 0) throw CommandFailed(Exit::not_found, "there are no such jobs");
    std::string text = "retry " + std::to_string(jobs) + (jobs == 1 ? " job" : " jobs");
    text += ", which buys again what cannot be fetched";
    std::string_view separator = ", for about ";
    for (const auto& [unit, sum] : prices) {
        text.append(separator).append(proto::format_micros(sum)).append(" ").append(unit);
        separator = " and ";
    }
    return text;
}

Exit retry(Context& context, const Options& options) {
    if (options.again && !options.targets.selection.empty()) {
        throw CommandFailed(Exit::usage, "--again may buy a second time: name each job by its id");
    }
    check_targets(options.targets);
    if (options.targets.selected() && !options.yes)
        confirm(context, stakes(context, options.targets.selection));
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
