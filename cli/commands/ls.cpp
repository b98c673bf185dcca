#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/job_text.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"
#include "cli/selection.hpp"
#include "cli/watching.hpp"
#include "cli/words.hpp"

namespace genspool::cli {
namespace {

struct Options {
    Selection selection;
    std::size_t limit = 50;
    bool all = false;
    Watch watch;
};

constexpr std::size_t page_jobs = 1'000;

Exit ls(Context& context, const Options& options) {
    std::vector<boost::json::value> jobs;
    std::size_t wanted = options.limit;
    bool more = false;
    std::string cursor;
    do {
        const std::size_t page = options.all ? page_jobs : std::min(wanted, page_jobs);
        Target target("/v1/jobs");
        options.selection.add_to(target);
        target.add("limit", std::to_string(page)).add("cursor", cursor);
        const std::string body = context.daemon().get(target.text());
        const auto reply = parse_reply(body);
        const auto found = list_at(reply, "jobs");
        cursor = text_at(reply, "next");
        if (context.json) {
            context.print_json(body);
        } else {
            jobs.insert(jobs.end(), found.begin(), found.end());
        }
        wanted -= std::min(wanted, found.size());
        more = !cursor.empty();
    } while (more && (options.all || wanted > 0));
    if (context.json) return Exit::done;
    if (!jobs.empty()) print_jobs(context.console, jobs, wall_now());
    if (!context.console.err_terminal) return Exit::done;
    if (jobs.empty()) context.console.err_line("no such jobs");
    if (more) context.console.err_line("there are more: --limit N, or --all");
    return Exit::done;
}

}  // namespace

void add_ls(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb = program.verb("ls", "List jobs, newest first",
                                        "  genspool ls --state failed --label film=reel-3\n"
                                        "  genspool ls --json --all | jq -r '.jobs[].id'",
                                        [options](Context& context) {
                                            return watched(context, options->watch,
                                                           [&] { return ls(context, *options); });
                                        });
    add_selection(*verb, options->selection);
    verb->add_option("--limit,-n", options->limit, "At most this many, 50 by default")
        ->check(CLI::Range(1, 1'000'000).description(""))
        ->type_name("N");
    verb->add_flag("--all", options->all, "All of them");
    add_watch(*verb, options->watch);
}

}  // namespace genspool::cli
