#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/json_reading.hpp"
#include "cli/offline.hpp"
#include "cli/problem.hpp"
#include "cli/program.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"
#include "proto/money.hpp"

namespace genspool::cli {
namespace {

namespace json = boost::json;

struct Options {
    std::string file;
    std::string config;
    std::string budget;
    std::vector<std::string> times;
};

std::string span_at(const json::value& root, std::string_view path) {
    return proto::format_duration(std::chrono::seconds(count_at(root, path)));
}

/// "line 3 (shot-3), line 4"
std::string joined(const std::vector<json::value>& jobs, const std::string& between) {
    std::string out;
    for (const json::value& job : jobs) {
        const std::string custom_id = printable(text_at(job, "custom_id"));
        out += (out.empty() ? "" : between) + "line " + text_at(job, "line");
        if (!custom_id.empty()) out += " (" + custom_id + ")";
    }
    return out;
}

std::string jobs_text(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " job" : " jobs");
}

std::string costs(const json::value& report) {
    std::string text;
    for (const json::value& cost : list_at(report, "cost"))
        text += (text.empty() ? "" : ", ") + amount(cost, "spent", true);
    if (const std::uint64_t unknown = count_at(report, "price_unknown")) {
        text += (text.empty() ? "" : ", and ") + std::to_string(unknown) +
                (unknown == 1 ? " purchase whose price is not known"
                              : " purchases whose price is not known");
    }
    return text.empty() ? "nothing" : text;
}

/// What would have to change for it to end sooner.
std::string bottleneck(const json::value& report) {
    if (value_at(report, "ends_at") == nullptr) return {};
    auto jobs = list_at(report, "bottleneck.last_jobs");
    std::reverse(jobs.begin(), jobs.end());
    const std::string gate = text_at(report, "bottleneck.gate");
    if (gate.empty()) return "nothing; the upstream needs that long for " + joined(jobs, " → ");
    const std::string of = text_at(report, "bottleneck.class") + " ";
    const std::string account = text_at(report, "bottleneck.account");
    std::string what = text_at(report, "bottleneck.detail");
    if (gate == "slot") what = "the " + of + "slots of account " + account;
    if (gate == "rate") what = "the " + of + "requests a minute of account " + account;
    if (gate == "budget") what = "a budget (" + what + ")";
    if (gate == "time") what = "not_before";
    return printable(what) + ": waited " + span_at(report, "bottleneck.waited_seconds") +
           " on the way to " + joined(jobs, " → ");
}

std::string times(const json::value& report) {
    std::string text;
    for (const json::value& used : list_at(report, "times")) {
        text += (text.empty() ? "" : ", ") + text_at(used, "op") + " " + text_at(used, "median") +
                " (" + text_at(used, "source") + ")";
    }
    return text;
}

void tell_accounts(const Console& console, const json::value& report) {
    using Align = Table::Align;
    Table table({{"ACCOUNT"},
                 {"CLASS"},
                 {"JOBS", Align::right},
                 {"SLOTS", Align::right},
                 {"PER MINUTE", Align::right},
                 {"BUSY", Align::right}});
    for (const json::value& use : list_at(report, "accounts")) {
        const std::string rpm = text_at(use, "rpm");
        table.add({text_at(use, "account"), text_at(use, "class"), text_at(use, "jobs"),
                   text_at(use, "slots"), rpm == "0" ? "no limit" : rpm,
                   text_at(use, "busy_percent") + " %"});
    }
    if (!table.empty()) table.print(console);
}

/// `unlearned`: why nothing that a daemon has learned is in it; or empty.
void tell(const Console& console, const json::value& report, const std::string& unlearned) {
    Details details;
    std::string jobs = text_at(report, "jobs");
    if (const auto refused = count_at(report, "refused"))
        jobs += ", and " + std::to_string(refused) + " refused";
    details.add("jobs", jobs);
    const std::string end = text_at(report, "ends_at");
    details.add("ends", end.empty() ? "never: nothing would be done"
                                    : "after " + span_at(report, "seconds") + ", at " + end);
    details.add("costs", costs(report));
    details.add("bottleneck", bottleneck(report));
    details.add("assumes", times(report));
    if (!unlearned.empty()) details.add("learned", "nothing: " + printable(unlearned));
    details.print(console);
    tell_accounts(console, report);
    for (const json::value& all : list_at(report, "stopped")) {
        const bool failed = text_at(all, "as") == "failed";
        auto first = list_at(all, "first");
        const std::string more = count_at(all, "jobs") > first.size() ? ", …" : "";
        console.out_line(painted(jobs_text(count_at(all, "jobs")) +
                                     (failed ? " would fail" : " would wait for ever"),
                                 failed ? Paint::bad : Paint::waiting, console.colours) +
                         " (" + text_at(all, "reason") + "): " + printable(text_at(all, "detail")) +
                         "; " + joined(first, ", ") + more);
    }
    for (const json::value& refused : list_at(report, "errors"))
        console.out_line(refused_line(refused));
}

Exit exit_of(const json::value& report) {
    Exit exit = count_at(report, "refused") > 0 ? Exit::failed : Exit::done;
    for (const json::value& all : list_at(report, "stopped")) {
        if (text_at(all, "as") == "failed") exit = Exit::failed;
        if (exit == Exit::done) exit = Exit::held;
    }
    return exit;
}

/// What a daemon has learned of how long tasks take.
struct Learned {
    std::vector<std::string> times;  ///< as --learned wants them
    std::string missing;             ///< why nothing is known of it; empty: it was asked
};

Learned learned_times(Context& context) {
    Learned learned;
    try {
        const json::value reply = parse_reply(context.daemon().get("/v1/times"));
        for (const json::value& sort : list_at(reply, "times")) {
            const std::string key = text_at(sort, "key");
            // Of so few nothing is told; and no argument of a program has such a name.
            const bool unusable = key.find('\0') != std::string::npos;
            if (text_at(sort, "median").empty() || unusable) continue;
            learned.times.push_back(key + "=" + text_at(sort, "quick") + "/" +
                                    text_at(sort, "median") + "/" + text_at(sort, "slow"));
        }
    } catch (const CommandFailed& failed) {
        learned.missing = failed.what();
    }
    return learned;
}

Exit rehearse(Context& context, const Options& options) {
    std::vector<std::string> arguments{"--rehearse=" + options.file};
    if (!options.config.empty()) arguments.push_back("--config=" + options.config);
    if (!options.budget.empty()) arguments.push_back("--budget=" + options.budget);
    for (const std::string& time : options.times)
        arguments.push_back("--times=" + time);
    // Nobody is waited for: it is worth the same without.
    context.away_max = std::chrono::seconds(0);
    const Learned learned = learned_times(context);
    for (const std::string& time : learned.times)
        arguments.push_back("--learned=" + time);
    Exit told = Exit::done;
    const Exit ran = ask_offline(arguments, [&](const std::string& line) {
        const json::value report = parse_reply(line);
        told = exit_of(report);
        if (context.json) {
            context.print_json(line);
        } else {
            tell(context.console, report, learned.missing);
        }
    });
    if (context.json && !learned.missing.empty())
        context.console.err_line("genspool: nothing that a daemon has learned is in it: " +
                                 printable(learned.missing));
    return ran == Exit::done ? told : ran;
}

}  // namespace

void add_rehearse(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb = program.verb(
        "rehearse", "Foretell when a file of jobs would end, what it would cost, and what holds it",
        "  genspool rehearse reel-3.jsonl\n"
        "  genspool rehearse reel-3.jsonl --times minimax.video_v1=4m --budget 20\n\n"
        "Runs the file through the real queue on a virtual clock, with the accounts, limits, "
        "prices and\n"
        "budgets of the configuration and a model of the upstream in which nothing fails. Nothing "
        "is bought,\n"
        "sent or stored, and no key is read. It begins with an empty queue: what the daemon has to "
        "do already\n"
        "is not counted. How long tasks take a daemon that runs is asked; else it is assumed.\n"
        "Exit codes: 0 all would succeed, 1 lines are refused or jobs would fail, 2 the file or "
        "the\n"
        "configuration cannot be used, 3 there is no such file, 6 jobs would wait for ever.",
        [options](Context& context) { return rehearse(context, *options); });
    verb->add_option("FILE", options->file,
                     "Jobs or batch lines, or one JSON array (- for standard input)")
        ->required()
        ->check(not_empty())
        ->type_name("");
    verb->add_option("--config", options->config,
                     "The daemon's configuration (default: /etc/genspool/genspool.toml)")
        ->type_name("PATH");
    verb->add_option("--times", options->times,
                     "What the upstream takes for an op, or for a model or more of it, as in "
                     "minimax.video_v1/MiniMax-Hailuo-02=4m; or =QUICK/MEDIAN/SLOW")
        ->type_name("KEY=SPAN");
    verb->add_option("--budget", options->budget, "As genspool batch --budget")
        ->type_name("AMOUNT");
}

}  // namespace genspool::cli
