#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/json_reading.hpp"
#include "cli/offline.hpp"
#include "cli/program.hpp"
#include "cli/selection.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"
#include "proto/money.hpp"

namespace genspool::cli {
namespace {

namespace json = boost::json;
using Align = Table::Align;

constexpr std::string_view page_rows = "1000";

struct Options {
    std::string from;
    std::string to;
    std::string account;
    std::string batch;
    std::string job;
    std::string status;
    std::string directory;
    bool totals = false;
};

Paint paint_of(const std::string& status) {
    if (status == "uncertain") return Paint::bad;
    return status == "released" ? Paint::faint : Paint::plain;
}

/// What led to a purchase, and which one came before it.
std::string why_text(const json::value& row) {
    const std::string why = text_at(row, "why");
    const std::string send = "send " + text_at(row, "after.send");
    if (why == "first") return "first purchase";
    if (why == "refused") return send + " was refused";
    if (why == "failed") return send + " failed upstream";
    if (why == "absent") return send + " never arrived";
    if (why == "on_unknown") return send + " is in doubt, on_unknown allows another";
    if (why != "retry") return {};
    return value_at(row, "after") == nullptr
               ? "retried on request"
               : "retried on request after " + send + " (" + text_at(row, "after.status") + ")";
}

/// Sums of what was listed, by unit and status.
class Sums {
public:
    void add(const json::value& row) {
        const std::string unit = text_at(row, "unit");
        const auto price = proto::parse_micros(text_at(row, "amount"));
        const std::string status = text_at(row, "status");
        if (status == "released") {
            ++released_;
            return;
        }
        ++bought_;
        if (price && !unit.empty()) {
            money_[{unit, status}] += *price;
        } else {
            ++unpriced_;
        }
    }

    std::string text() const {
        std::string text = std::to_string(bought_) + (bought_ == 1 ? " purchase" : " purchases");
        std::string_view separator = ": ";
        for (const auto& [kind, sum] : money_) {
            text.append(separator).append(proto::format_micros(sum));
            text += " " + kind.first + " " + kind.second;
            separator = ", ";
        }
        if (unpriced_ > 0)
            text.append(separator).append(std::to_string(unpriced_)) += " without a known price";
        if (released_ > 0)
            text += "; " + std::to_string(released_) + " released, for which nothing was paid";
        return text;
    }

private:
    std::uint64_t bought_ = 0;
    std::uint64_t released_ = 0;
    std::uint64_t unpriced_ = 0;
    std::map<std::pair<std::string, std::string>, proto::Micros> money_;
};

/// Reads the pages from the daemon, or from a directory.
Exit for_each_page(Context& context, const Options& options, const Target& target,
                   const std::function<void(const std::string& body)>& each) {
    const auto look = [&](const std::string& body) {
        if (context.json) {
            context.print_json(body);
        } else {
            each(body);
        }
    };
    if (!options.directory.empty())
        return ask_offline({"--ledger=" + options.directory, "--target=" + target.text()}, look);
    for_each_page(context.daemon(), target, [&](const std::string& body) {
        look(body);
        return true;
    });
    return Exit::done;
}

void print(const Context& context, const Table& table, const std::string& footer) {
    if (!table.empty()) {
        table.print(context.console);
        if (!footer.empty()) context.console.out_line(footer);
    } else if (context.console.err_terminal) {
        context.console.err_line("nothing was bought");
    }
}

void tell_rows(const Context& context, const std::vector<json::value>& rows) {
    std::vector<std::string> ids;
    for (const json::value& row : rows)
        ids.push_back(text_at(row, "job_id"));
    const std::size_t length = short_id_length(ids);
    Table table({{"WHEN"},
                 {"JOB"},
                 {"SEND", Align::right},
                 {"STATUS"},
                 {"AMOUNT", Align::right},
                 {"ACCOUNT"},
                 {"OP"},
                 {"WHY"}});
    Sums sums;
    for (const json::value& row : rows) {
        sums.add(row);
        const std::string status = text_at(row, "status");
        const std::string id = text_at(row, "job_id");
        const std::string price = amount(row, "amount", true);
        table.add({text_at(row, "at"), id.empty() ? "(gone)" : id.substr(0, length),
                   text_at(row, "send"), Cell(status, paint_of(status)),
                   price.empty() ? "unknown" : price, text_at(row, "account"), text_at(row, "op"),
                   why_text(row)});
    }
    print(context, table, sums.text());
}

void tell_totals(const Context& context, const std::vector<json::value>& totals) {
    Table table({{"DAY"},
                 {"ACCOUNT"},
                 {"SPENT", Align::right},
                 {"UNCERTAIN", Align::right},
                 {"RESERVED", Align::right},
                 {"UNIT"}});
    for (const json::value& total : totals) {
        const std::string unit = text_at(total, "unit");
        table.add({text_at(total, "day"), text_at(total, "account"), text_at(total, "spent"),
                   text_at(total, "uncertain"), text_at(total, "reserved"),
                   unit.empty() ? "(price unknown)" : unit});
    }
    print(context, table, {});
}

Exit ledger(Context& context, const Options& options) {
    const bool picks = !options.batch.empty() || !options.job.empty() || !options.status.empty();
    if (options.totals && picks)
        throw CommandFailed(Exit::usage,
                            "--totals are by day and account; they cannot be had by --batch, --job "
                            "or --status");
    Target target(options.totals ? "/v1/ledger/totals" : "/v1/ledger");
    target.add("from", options.from).add("to", options.to).add("account", options.account);
    target.add("batch", options.batch).add("job", options.job).add("status", options.status);
    target.add("limit", page_rows);
    std::vector<json::value> lines;
    const Exit exit = for_each_page(context, options, target, [&](const std::string& body) {
        const auto page = list_at(parse_reply(body), options.totals ? "totals" : "rows");
        lines.insert(lines.end(), page.begin(), page.end());
    });
    if (context.json || exit != Exit::done) return exit;
    if (options.totals) {
        tell_totals(context, lines);
    } else {
        tell_rows(context, lines);
    }
    return exit;
}

}  // namespace

void add_ledger(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb = program.verb(
        "ledger", "Show what was bought: when, why and for how much, one row a purchase",
        "  genspool ledger --from 2026-12-01 --status uncertain\n"
        "  genspool ledger --totals                    # by day and account\n"
        "  genspool ledger --dir /var/lib/genspool     # where no daemon works\n"
        "  genspool ledger --json | jq -r '.rows[] | [.at, .status, .amount] | @csv'",
        [options](Context& context) { return ledger(context, *options); });
    verb->add_option("--from", options->from, "From this day on (UTC)")->type_name("DAY");
    verb->add_option("--to", options->to, "Up to this day, included")->type_name("DAY");
    verb->add_option("--account", options->account, "At this account")->type_name("NAME");
    verb->add_option("--batch", options->batch, "Of this batch")->type_name("ID");
    verb->add_option("--job", options->job, "Of this job; of one that is gone, too")
        ->type_name("ID");
    verb->add_option("--status", options->status, "reserved, spent, released or uncertain")
        ->type_name("STATUS");
    verb->add_flag("--totals", options->totals, "Sums by day and account instead of rows");
    verb->add_option("--dir", options->directory,
                     "Read this state directory, in which no daemon works, instead of asking one")
        ->check(not_empty())
        ->type_name("DIR");
}

}  // namespace genspool::cli
