#include <CLI/CLI.hpp>
#include <memory>

#include "cli/account_text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"
#include "cli/watching.hpp"
#include "cli/words.hpp"

namespace genspool::cli {
namespace {

namespace json = boost::json;

Exit accounts(Context& context) {
    const std::string body = context.daemon().get("/v1/accounts");
    if (context.json) {
        context.print_json(body);
        return Exit::done;
    }
    const auto accounts = list_at(parse_reply(body), "accounts");
    bool held = false;
    for (const json::value& account : accounts)
        for (const json::value& slots : list_at(account, "slots"))
            held = held || count_at(slots, "held") > 0;
    if (accounts.empty()) {
        context.console.err_line("no account is configured, so nothing is bought");
    } else {
        accounts_table(accounts, wall_now()).print(context.console);
    }
    if (held) {
        context.console.err_line(
            "Held jobs keep slots until their time is over, or until you settle them:\n"
            "  genspool ls --state held, then genspool resolve ID");
    }
    return Exit::done;
}

}  // namespace

void add_accounts(Program& program) {
    auto watch = std::make_shared<Watch>();
    CLI::App* const verb =
        program.verb("accounts", "Show where work is bought: slots, health, spend",
                     "  genspool accounts --watch", [watch](Context& context) {
                         return watched(context, *watch, [&context] { return accounts(context); });
                     });
    add_watch(*verb, *watch);
}

}  // namespace genspool::cli
