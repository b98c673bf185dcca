#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"
#include "cli/table.hpp"
#include "cli/watching.hpp"
#include "cli/words.hpp"

namespace genspool::cli {
namespace {

Exit stats(Context& context) {
    const std::string body = context.daemon().get("/v1/stats");
    if (context.json) {
        context.print_json(body);
        return Exit::done;
    }
    const auto reply = parse_reply(body);
    Details details;
    details.add("version", text_at(reply, "version"));
    details.add("up for", age(text_at(reply, "started_at"), wall_now()));
    if (const auto* states = value_at(reply, "states"); states && states->is_object()) {
        details.add("jobs", text_at(reply, "jobs") + ", " + text_at(reply, "open") + " open");
        for (const auto& state : states->get_object()) {
            const std::string name(state.key());
            const std::string jobs = text_at(state.value(), "");
            if (jobs != "0") details.add("  " + name, Cell(jobs, paint_of_state(name)));
        }
    }
    const auto* const setback = value_at(reply, "setback");
    const bool is_set_back = setback != nullptr && setback->is_object();
    if (flag_at(reply, "paused")) {
        const std::string advice = is_set_back ? " (genspool ls --doubtful, then genspool resume)"
                                               : " (genspool resume ends it)";
        details.add("paused", Cell(text_at(reply, "paused_reason") + advice, Paint::waiting));
    }
    const std::string disk = text_at(reply, "disk");
    details.add("disk", Cell(disk, disk == "open" ? Paint::plain : Paint::bad));
    if (const auto* budgets = value_at(reply, "budget"); budgets && budgets->is_object()) {
        for (const auto& budget : budgets->get_object())
            details.add("budget of today", text_at(budget.value(), "used") + " of " +
                                               text_at(budget.value(), "day") + " " +
                                               std::string(budget.key()) + " used");
    }
    details.add("accounts", text_at(reply, "accounts"));
    const bool any = count_at(reply, "last_event") >= count_at(reply, "first_event");
    details.add(
        "events",
        any ? text_at(reply, "first_event") + " to " + text_at(reply, "last_event") : "none");
    details.add("commits", text_at(reply, "commits"));
    details.print(context.console);
    return Exit::done;
}

}  // namespace

void add_stats(Program& program) {
    auto watch = std::make_shared<Watch>();
    CLI::App* const verb =
        program.verb("stats", "Show how many jobs are where, and how the daemon is",
                     "  genspool stats --json | jq .states", [watch](Context& context) {
                         return watched(context, *watch, [&context] { return stats(context); });
                     });
    add_watch(*verb, *watch);
}

}  // namespace genspool::cli
