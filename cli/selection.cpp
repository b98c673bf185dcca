#include "cli/selection.hpp"

#include <CLI/CLI.hpp>

#include "cli/json_reading.hpp"

namespace genspool::cli {

bool Selection::empty() const {
    return state.empty() && kind.empty() && op.empty() && batch.empty() && account.empty() &&
           labels.empty() && !doubtful && !unanswered;
}

void Selection::add_to(Target& target) const {
    target.add("state", state).add("kind", kind).add("op", op).add("batch", batch);
    target.add("account", account).add("doubtful", doubtful ? "true" : "");
    target.add("unanswered", unanswered ? "true" : "");
    for (const std::string& label : labels)
        target.add("label", label);
}

void add_selection(CLI::App& verb, Selection& selection) {
    const auto group = [](CLI::Option* option, const char* type) {
        option->group("Which jobs")->type_name(type);
    };
    group(verb.add_option("--state", selection.state, "In this state, as in failed or held"),
          "STATE");
    group(verb.add_option("--kind", selection.kind, "Of this kind, as in video"), "KIND");
    group(verb.add_option("--op", selection.op, "Of this operation, as in minimax.t2a_v2"), "OP");
    group(verb.add_option("--batch", selection.batch, "Of this batch"), "ID");
    group(verb.add_option("--account", selection.account, "At this account"), "NAME");
    group(verb.add_option("--label", selection.labels, "With this label (repeatable: all of them)")
              ->allow_extra_args(false),
          "NAME=VALUE");
    verb.add_flag("--doubtful", selection.doubtful,
                  "That may have been bought since the backup that the queue was restored from")
        ->group("Which jobs");
    verb.add_flag("--unanswered", selection.unanswered,
                  "That came through the gateway, and whose answer nobody has had")
        ->group("Which jobs");
}

void for_each_page(Daemon& daemon, const Target& target,
                   const std::function<bool(const std::string& body)>& each) {
    std::string cursor;
    do {
        Target page = target;
        page.add("cursor", cursor);
        const std::string body = daemon.get(page.text());
        if (!each(body)) return;
        cursor = next_cursor(body);
    } while (!cursor.empty());
}

std::string next_cursor(const std::string& body) {
    return text_at(parse_reply(body), "next");
}

}  // namespace genspool::cli
