#include "cli/targets.hpp"

#include <CLI/CLI.hpp>

#include "cli/json_reading.hpp"

namespace genspool::cli {

void add_targets(CLI::App& verb, Targets& targets, const std::string& what) {
    verb.add_option("ID", targets.ids, what)->type_name("");
    add_selection(verb, targets.selection);
}

void check_targets(const Targets& targets) {
    if (targets.ids.empty() == targets.selection.empty()) {
        throw CommandFailed(Exit::usage,
                            "say which jobs: either ids, or --state, --batch, --label and so on");
    }
}

void for_each_selected(Context& context, const Selection& selection,
                       const std::function<void(const boost::json::value& job)>& each) {
    Target target("/v1/jobs");
    selection.add_to(target);
    target.add("limit", "1000");
    for_each_page(context.daemon(), target, [&each](const std::string& body) {
        for (const auto& job : list_at(parse_reply(body), "jobs"))
            each(job);
        return true;
    });
}

std::vector<std::string> chosen_ids(Context& context, const Targets& targets) {
    check_targets(targets);
    if (!targets.selected()) return targets.ids;
    std::vector<std::string> ids;
    for_each_selected(context, targets.selection,
                      [&ids](const boost::json::value& job) { ids.push_back(text_at(job, "id")); });
    if (ids.empty()) throw CommandFailed(Exit::not_found, "there are no such jobs");
    return ids;
}

Exit on_each(Context& context, const std::vector<std::string>& ids,
             const std::function<Exit(const std::string& id)>& each) {
    Exit exit = Exit::done;
    for (const std::string& id : ids) {
        Exit ended = Exit::done;
        try {
            ended = each(id);
        } catch (const CommandFailed& failure) {
            // Alone, or without a daemon, it is the end; else the others have their turn.
            if (ids.size() == 1 || failure.exit() == Exit::unreachable) throw;
            context.console.err_line("genspool: " + id + ": " + failure.what());
            ended = failure.exit();
        }
        if (exit == Exit::done) exit = ended;
    }
    return exit;
}

void confirm(Context& context, const std::string& what) {
    const Console& console = context.console;
    if (!console.in_terminal || !console.err_terminal)
        throw CommandFailed(Exit::usage, "this would " + what + ": add --yes if that is meant");
    console.err("genspool: " + what + "? [y/N] ");
    std::string answer;
    char letter = 0;
    while (console.in(&letter, 1) == 1 && letter != '\n')
        answer += letter;
    if (answer != "y" && answer != "Y" && answer != "yes")
        throw CommandFailed(Exit::failed, "nothing was done");
}

}  // namespace genspool::cli
