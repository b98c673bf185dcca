#include <CLI/CLI.hpp>
#include <memory>

#include "cli/batch_text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"
#include "cli/urls.hpp"
#include "cli/watching.hpp"
#include "cli/words.hpp"
#include "proto/money.hpp"

namespace genspool::cli {
namespace {

struct Options {
    std::string id;
    std::size_t limit = 50;
    bool results = false;
    bool errors = false;
    std::string budget;
    Watch watch;
};

void print_lines(Context& context, const std::string& target) {
    HttpCall call;
    call.target = target;
    call.sink = [&context](std::string_view bytes) {
        context.console.out(bytes);
        return true;
    };
    context.daemon().exchange(call, false);  // what has been printed cannot begin anew
}

Exit list(Context& context, const Options& options) {
    Target target("/v1/batches");
    target.add("limit", std::to_string(options.limit));
    const std::string body = context.daemon().get(target.text());
    if (context.json) {
        context.print_json(body);
        return Exit::done;
    }
    const auto batches = list_at(parse_reply(body), "batches");
    if (!batches.empty()) print_batches(context.console, batches, wall_now());
    if (batches.empty() && context.console.err_terminal) context.console.err_line("no batches");
    return Exit::done;
}

std::string set_budget(Context& context, const Options& options) {
    const bool none = options.budget == "none";
    HttpCall call;
    call.method = "PATCH";
    call.target = batch_path(options.id);
    call.body = "{\"budget\":" + (none ? "null" : "\"" + options.budget + "\"") + "}";
    return context.daemon().exchange(call, true).body;
}

Exit batches(Context& context, const Options& options) {
    if (options.id.empty() && (options.results || options.errors || !options.budget.empty()))
        throw CommandFailed(Exit::usage, "--results, --errors and --budget want the id of a batch");
    if (options.id.empty()) return list(context, options);
    if (!options.watch.every.empty() &&
        (options.results || options.errors || !options.budget.empty()))
        throw CommandFailed(Exit::usage, "--watch shows batches; it prints no results over again");
    if (options.results || options.errors) {
        print_lines(context, batch_path(options.id, options.errors ? "/errors" : "/results"));
        return Exit::done;
    }
    const std::string body = options.budget.empty() ? context.daemon().get(batch_path(options.id))
                                                    : set_budget(context, options);
    if (context.json) {
        context.print_json(body);
    } else {
        print_batch(context.console, parse_reply(body), wall_now());
    }
    return Exit::done;
}

}  // namespace

void add_batches(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb = program.verb(
        "batches", "List batches, or show one and its results",
        "  genspool batches\n"
        "  genspool batches 01KAMX --results > results.jsonl\n"
        "  genspool batches 01KAMX --budget 7.50",
        [options](Context& context) {
            return watched(context, options->watch, [&] { return batches(context, *options); });
        });
    verb->add_option("ID", options->id, "Only this batch")->type_name("");
    CLI::Option* const results =
        verb->add_flag("--results", options->results, "Its results, one JSON line a job");
    CLI::Option* const errors =
        verb->add_flag("--errors", options->errors, "The same, only of what did not succeed")
            ->excludes(results);
    verb->add_option("--budget", options->budget,
                     "From now on its jobs may cost so much together, as in 5.00; or none")
        ->excludes(results)
        ->excludes(errors)
        ->check([](const std::string& said) {
            const bool fits = said == "none" || proto::parse_micros(said);
            return fits ? std::string() : "--budget wants an amount as in 5.00, or none";
        })
        ->type_name("AMOUNT");
    verb->add_option("--limit,-n", options->limit, "At most this many, 50 by default")
        ->check(CLI::Range(1, 1'000).description(""))
        ->type_name("N");
    add_watch(*verb, options->watch);
}

}  // namespace genspool::cli
