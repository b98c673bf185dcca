#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"
#include "cli/selection.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"

namespace genspool::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view page_rows = "1000";

Paint paint_of(const std::string& status) {
    if (status == "uncertain") return Paint::bad;
    return status == "released" ? Paint::faint : Paint::plain;
}

Exit ledger(Context& context) {
    std::vector<json::value> rows;
    Target target("/v1/ledger");
    target.add("limit", page_rows);
    for_each_page(context.daemon(), target, [&](const std::string& body) {
        if (context.json) {
            context.print_json(body);
        } else {
            const auto page = list_at(parse_reply(body), "rows");
            rows.insert(rows.end(), page.begin(), page.end());
        }
        return true;
    });
    if (context.json) return Exit::done;
    std::vector<std::string> ids;
    for (const json::value& row : rows)
        ids.push_back(text_at(row, "job_id"));
    const std::size_t length = short_id_length(ids);
    using Align = Table::Align;
    Table table({{"WHEN"},
                 {"JOB"},
                 {"SEND", Align::right},
                 {"STATUS"},
                 {"AMOUNT", Align::right},
                 {"ACCOUNT"},
                 {"OP"}});
    for (const json::value& row : rows) {
        const std::string status = text_at(row, "status");
        const std::string id = text_at(row, "job_id");
        const std::string price = amount(row, "amount", true);
        table.add({text_at(row, "at"), id.empty() ? "(gone)" : id.substr(0, length),
                   text_at(row, "send"), Cell(status, paint_of(status)),
                   price.empty() ? "unknown" : price, text_at(row, "account"), text_at(row, "op")});
    }
    if (!table.empty()) table.print(context.console);
    if (table.empty() && context.console.err_terminal)
        context.console.err_line("nothing was bought yet");
    return Exit::done;
}

}  // namespace

void add_ledger(Program& program) {
    program.verb("ledger", "Show the money: one row for each purchase, oldest first",
                 "  genspool ledger\n"
                 "  genspool ledger --json | jq -r '.rows[] | [.at, .status, .amount] | @csv'",
                 ledger);
}

}  // namespace genspool::cli
