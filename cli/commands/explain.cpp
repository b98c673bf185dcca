#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

#include "cli/commands/commands.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"
#include "cli/table.hpp"
#include "cli/targets.hpp"
#include "cli/urls.hpp"
#include "cli/watching.hpp"
#include "cli/words.hpp"

namespace genspool::cli {
namespace {

void tell(const Console& console, const boost::json::value& reply) {
    const std::string state = text_at(reply, "state");
    std::string line =
        text_at(reply, "id") + " is " + painted(state, paint_of_state(state), console.colours);
    const std::string reason = printable(text_at(reply, "reason"));
    if (!reason.empty()) line += ": " + reason;
    console.out_line(line);
    const auto gates = list_at(reply, "gates");
    const std::uint64_t before = count_at(reply, "ahead");
    if (state == "queued" && gates.empty())
        console.out_line("Every gate is open: it goes with the next turn.");
    if (before > 0)
        console.out_line("About " + std::to_string(before) +
                         (before == 1 ? " job of its kind goes" : " jobs of its kind go") +
                         " before it.");
    if (gates.empty()) return;
    Table table({{"GATE"}, {"ACCOUNT"}, {"OPENS"}, {"WHY"}});
    for (const auto& gate : gates) {
        table.add({Cell(text_at(gate, "gate"), Paint::waiting), text_at(gate, "account"),
                   ahead(text_at(gate, "opens_at"), wall_now()), text_at(gate, "detail")});
    }
    table.print(console);
}

struct Options {
    Targets targets;
    Watch watch;
};

Exit explain(Context& context, const Options& options) {
    bool first = true;
    return on_each(context, chosen_ids(context, options.targets), [&](const std::string& id) {
        const std::string body = context.daemon().get(job_path(id, "/explain"));
        if (context.json) {
            context.print_json(body);
        } else {
            if (!std::exchange(first, false)) context.console.out("\n");
            tell(context.console, parse_reply(body));
        }
        return Exit::done;
    });
}

}  // namespace

void add_explain(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb = program.verb(
        "explain", "Say why a job does not go on: every gate, and when it can open",
        "  genspool explain 01KAMZ3T\n"
        "  genspool explain --state queued --label film=reel-3",
        [options](Context& context) {
            return watched(context, options->watch, [&] { return explain(context, *options); });
        });
    add_targets(*verb, options->targets);
    add_watch(*verb, options->watch);
}

}  // namespace genspool::cli
