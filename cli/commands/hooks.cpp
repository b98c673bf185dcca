#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"
#include "cli/table.hpp"
#include "cli/urls.hpp"
#include "cli/words.hpp"

namespace genspool::cli {
namespace {

namespace json = boost::json;

struct Options {
    std::string name;
    bool retry = false;
    std::uint64_t event = 0;
};

std::string whom(const json::value& hook) {
    for (const char* const field : {"address", "command"})
        if (std::string text = text_at(hook, field); !text.empty()) return text;
    return "the address that each job names";
}

std::string ago_or_never(const std::string& moment) {
    return moment.empty() ? "" : age(moment, wall_now());
}

Exit list(Context& context) {
    const std::string body = context.daemon().get("/v1/hooks");
    if (context.json) {
        context.print_json(body);
        return Exit::done;
    }
    Table table({{"NAME"},
                 {"TELLS"},
                 {"TAKEN", Table::Align::right},
                 {"WAITING", Table::Align::right},
                 {"BEHIND", Table::Align::right},
                 {"LAST TAKEN"},
                 {"LAST FAILURE"},
                 {"ERROR"}});
    for (const json::value& hook : list_at(parse_reply(body), "hooks")) {
        const bool waits = count_at(hook, "waiting") > 0;
        table.add({text_at(hook, "name"), whom(hook), text_at(hook, "taken"),
                   Cell(text_at(hook, "waiting"), waits ? Paint::bad : Paint::plain),
                   text_at(hook, "behind"), ago_or_never(text_at(hook, "taken_at")),
                   ago_or_never(text_at(hook, "failed_at")), printable(text_at(hook, "error"))});
    }
    if (table.empty()) {
        context.console.err_line("no hook is configured ([[hook]] in the daemon's configuration)");
    } else {
        table.print(context.console);
    }
    return Exit::done;
}

void print_untaken(const Console& console, const json::value& shown) {
    Table table({{"EVENT", Table::Align::right},
                 {"JOB"},
                 {"STATE"},
                 {"ATTEMPTS", Table::Align::right},
                 {"NEXT"},
                 {"ERROR"}});
    for (const json::value& each : list_at(shown, "untaken")) {
        const std::string state = text_at(each, "state");
        const std::string next =
            flag_at(each, "given_up") ? "given up" : ahead(text_at(each, "next_at"), wall_now());
        table.add({text_at(each, "event"), text_at(each, "job_id"),
                   Cell(state, paint_of_state(state)), text_at(each, "attempts"), next,
                   printable(text_at(each, "error"))});
    }
    if (table.empty()) {
        console.err_line("it has taken all that it was told");
    } else {
        table.print(console);
    }
}

Exit show(Context& context, const Options& options) {
    std::string body;
    std::string cursor;
    json::value shown;
    do {
        Target target("/v1/hooks/" + encoded(options.name));
        if (!cursor.empty()) target.add("cursor", cursor);
        body = context.daemon().get(target.text());
        shown = parse_reply(body);
        cursor = text_at(shown, "next");
        if (context.json) {
            context.print_json(body);
        } else {
            print_untaken(context.console, shown);
        }
    } while (!cursor.empty());
    return Exit::done;
}

Exit retry(Context& context, const Options& options) {
    HttpCall call;
    call.method = "POST";
    call.target = "/v1/hooks/" + encoded(options.name) + "/retry";
    call.body = options.event == 0 ? "{}" : "{\"event\":" + std::to_string(options.event) + "}";
    const std::string body = context.daemon().exchange(call, true).body;
    if (context.json) {
        context.print_json(body);
    } else {
        context.console.out_line(text_at(parse_reply(body), "events") +
                                 " events are told again now");
    }
    return Exit::done;
}

Exit hooks(Context& context, const Options& options) {
    if (options.name.empty() && (options.retry || options.event != 0))
        throw CommandFailed(Exit::usage, "--retry and --event want the name of a hook");
    if (options.name.empty()) return list(context);
    if (options.retry || options.event != 0) return retry(context, options);
    return show(context, options);
}

}  // namespace

void add_hooks(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb =
        program.verb("hooks", "Show who is told of what becomes of jobs, and what was not taken",
                     "  genspool hooks\n"
                     "  genspool hooks ops\n"
                     "  genspool hooks ops --retry\n"
                     "  genspool hooks ops --event 1871",
                     [options](Context& c) { return hooks(c, *options); });
    verb->add_option("NAME", options->name, "What this hook has not taken so far")->type_name("");
    verb->add_flag("--retry", options->retry, "Tell it now of all that it has not taken so far");
    verb->add_option("--event", options->event, "Tell it again of this event, taken or not")
        ->check(CLI::PositiveNumber.description(""))
        ->type_name("NUMBER");
}

}  // namespace genspool::cli
