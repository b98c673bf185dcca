#include <CLI/CLI.hpp>
#include <memory>

#include "cli/batch_text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/job_text.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"
#include "cli/targets.hpp"
#include "cli/urls.hpp"
#include "cli/waiting.hpp"

namespace genspool::cli {
namespace {

struct Options {
    Targets targets;
    std::string timeout;
};

/// Jobs are looked for first; what is none may be a batch.
bool is_batch(Context& context, const std::string& id) {
    if (context.daemon().find(job_path(id))) return false;
    context.daemon().get(batch_path(id));
    return true;
}

void tell(Context& context, const Waited& waited, bool batch) {
    if (context.json) {
        context.print_json(waited.body);
        return;
    }
    const std::string state = batch ? batch_states(waited.shown) : text_at(waited.shown, "state");
    std::string line = text_at(waited.shown, "id") + "  " + state;
    const std::string why = batch ? std::string() : printable(remark(waited.shown));
    if (!why.empty()) line += "  " + why;
    context.console.out_line(line);
}

/// A batch is waited for as a whole, and so are those of its jobs that are admitted meanwhile.
bool is_whole_batch(const Targets& targets) {
    Selection others = targets.selection;
    others.batch.clear();
    return targets.selected() && others.empty();
}

std::vector<std::string> what_to_wait_for(Context& context, const Targets& targets) {
    if (is_whole_batch(targets)) return {targets.selection.batch};
    return chosen_ids(context, targets);
}

Exit wait(Context& context, const Options& options) {
    check_targets(options.targets);
    const Patience patience(options.timeout);
    Progress progress(context.console, context.json);
    Exit exit = Exit::done;
    const std::vector<std::string> ids = what_to_wait_for(context, options.targets);
    for (const std::string& id : ids) {
        const bool batch = is_batch(context, id);
        const Waited waited = batch ? wait_for_batch(context, id, patience, progress)
                                    : wait_for_job(context, id, patience, progress);
        progress.clear();
        tell(context, waited, batch);
        exit = worse(exit, waited.exit);
    }
    return exit;
}

}  // namespace

void add_wait(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb =
        program.verb("wait", "Wait until jobs or batches have ended or are held",
                     "  genspool wait 01KAMZ3T --timeout 30m && genspool get 01KAMZ3T\n"
                     "  genspool wait --label film=reel-3",
                     [options](Context& context) { return wait(context, *options); });
    add_targets(*verb, options->targets, "The jobs or batches");
    verb->add_option("--timeout", options->timeout, "At most this long, as in 90s or 10m")
        ->type_name("SPAN");
}

}  // namespace genspool::cli
