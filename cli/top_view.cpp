#include "cli/top_view.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "cli/account_text.hpp"
#include "cli/bar.hpp"
#include "cli/job_text.hpp"
#include "cli/json_reading.hpp"
#include "cli/table.hpp"
#include "cli/text_width.hpp"
#include "cli/words.hpp"
#include "proto/lines.hpp"
#include "proto/money.hpp"

namespace genspool::cli {

namespace json = boost::json;

namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t bar_cells = 10;

/// The keys below, a blank line and a header above the jobs.
constexpr std::size_t rows_of_frame = 3;

std::string head_line(const TopData& data, bool colours) {
    std::string line =
        painted("genspool " + printable(text_at(data.stats, "version")), Paint::bold, colours) +
        "  up " + age(text_at(data.stats, "started_at"), data.at) + "  " +
        proto::format_rfc3339(data.at);
    if (!data.trouble.empty())
        return line + "  " + painted(printable(data.trouble), Paint::bad, colours);
    const std::string disk = text_at(data.stats, "disk");
    if (disk != "open") line += "  " + painted("disk " + disk, Paint::bad, colours);
    if (flag_at(data.stats, "paused"))
        line += "  " + painted("paused: " + printable(text_at(data.stats, "paused_reason")),
                               Paint::waiting, colours);
    return line;
}

std::string states_line(const TopData& data, bool colours) {
    std::string line = "jobs ";
    const json::value* const states = value_at(data.stats, "states");
    bool any = false;
    if (states != nullptr && states->is_object()) {
        for (const auto& [state, count] : states->get_object()) {
            const std::string jobs = text_at(count, "");
            if (jobs == "0") continue;
            line += " " + painted(jobs + " " + std::string(state), paint_of_state(state), colours);
            const std::string oldest =
                age(text_at(data.stats, "oldest." + std::string(state)), data.at);
            if (!oldest.empty()) line += " (oldest " + oldest + ")";
            any = true;
        }
    }
    return any ? line : line + " none";
}

/// What accounts have spent, held back and may have spent, against the budgets of the day.
std::string money_line(const TopData& data) {
    std::map<std::string, proto::Micros> used;
    for (const json::value& account : list_at(data.accounts, "accounts")) {
        const std::string unit = text_at(account, "today.unit");
        const auto amount = proto::parse_micros(text_at(account, "today.used"));
        if (!unit.empty() && amount) used[unit] += *amount;
    }
    std::string line = "today";
    for (const auto& [unit, amount] : used) {
        line += "  " + proto::format_micros(amount) + " " + unit;
        const std::string day = text_at(data.stats, "budget." + unit + ".day");
        if (!day.empty()) line += " of " + day;
    }
    return used.empty() ? line + "  nothing spent" : line;
}

Lines account_lines(const TopData& data, int columns, bool colours) {
    const auto accounts = list_at(data.accounts, "accounts");
    if (accounts.empty())
        return {painted("no account is configured, so nothing is bought", Paint::waiting, colours)};
    return proto::lines_of(accounts_table(accounts, data.at, true).text(colours, columns));
}

/// Those whose end nobody knows come last.
std::string end_key(const json::value& job) {
    const std::string eta = text_at(job, "eta");
    return eta.empty() ? "~" : eta;
}

std::vector<json::value> in_order(std::vector<json::value> jobs, TopOrder order) {
    const auto key = [order](const json::value& job) {
        if (order == TopOrder::by_end) return end_key(job);
        return order == TopOrder::by_age ? text_at(job, "created_at") : text_at(job, "state");
    };
    std::ranges::stable_sort(jobs,
                             [&key](const auto& a, const auto& b) { return key(a) < key(b); });
    return jobs;
}

Table jobs_table(const std::vector<json::value>& jobs, proto::Instant now) {
    std::vector<std::string> ids;
    for (const json::value& job : jobs)
        ids.push_back(text_at(job, "id"));
    const std::size_t length = short_id_length(ids);
    using Align = Table::Align;
    Table table({{"JOB"},
                 {"STATE"},
                 {"KIND"},
                 {"ACCOUNT"},
                 {"PROGRESS"},
                 {"DONE", Align::right},
                 {"AGE", Align::right},
                 {"CUSTOM ID"},
                 {"REMARK"}});
    for (const json::value& job : jobs) {
        const std::string state = text_at(job, "state");
        const std::string percent = percent_done(job);
        const std::string drawn = bar(share_done(job), bar_cells);
        table.add({text_at(job, "id").substr(0, length), Cell(state, paint_of_state(state)),
                   text_at(job, "kind"), text_at(job, "account"),
                   drawn.empty() ? percent : drawn + " " + percent, due(job, now),
                   age(text_at(job, "created_at"), now), text_at(job, "custom_id"),
                   Cell(remark(job), Paint::faint)});
    }
    return table;
}

std::string_view order_name(TopOrder order) {
    switch (order) {
        case TopOrder::by_end:
            return "end";
        case TopOrder::by_age:
            return "age";
        case TopOrder::by_state:
            return "state";
    }
    return "end";
}

/// `last`: so many jobs are above the end of what is shown.
std::string keys_line(const TopData& data, const TopView& view, std::size_t last, bool colours) {
    if (!view.question.empty())
        return painted(printable(view.question) + " [y/N]", Paint::waiting, colours);
    std::string line = "q quit  ↑↓ scroll  s sorted by " + std::string(order_name(view.order)) +
                       (flag_at(data.stats, "paused") ? "  p resume" : "  p pause");
    if (last < data.jobs_in_all) line += "  (" + std::to_string(data.jobs_in_all - last) + " more)";
    return painted(line, Paint::faint, colours);
}

/// Everything above the jobs.
Lines top_part(const TopData& data, TerminalSize size, bool colours) {
    Lines lines{head_line(data, colours), states_line(data, colours), money_line(data), ""};
    Lines accounts = account_lines(data, size.columns, colours);
    // The jobs are what people look at: half of the screen is theirs.
    const auto half = static_cast<std::size_t>(size.rows / 2);
    const std::size_t room = half > lines.size() ? half - lines.size() : 1;
    if (size.rows > 0 && accounts.size() > room) accounts.resize(room);
    lines.insert(lines.end(), accounts.begin(), accounts.end());
    return lines;
}

}  // namespace

std::string resume_question(const json::value& stats) {
    const std::uint64_t doubtful = count_at(stats, "setback.doubtful");
    if (doubtful == 0) return "buy again?";
    return "buy again? " + std::to_string(doubtful) + (doubtful == 1 ? " job" : " jobs") +
           " may be bought a second time";
}

std::size_t top_page(const TopData& data, TerminalSize size) {
    const std::size_t above = top_part(data, size, false).size() + rows_of_frame;
    const auto rows = static_cast<std::size_t>(std::max(size.rows, 0));
    return rows > above ? rows - above : 1;
}

std::vector<std::string> top_picture(const TopData& data, const TopView& view, TerminalSize size,
                                     bool colours) {
    Lines lines = top_part(data, size, colours);
    std::vector<json::value> jobs = in_order(data.jobs, view.order);
    const std::size_t page = size.rows > 0 ? top_page(data, size) : jobs.size();
    const std::size_t shown = std::min(page, jobs.size());
    const std::size_t first = std::min(view.first, jobs.size() - shown);
    lines.emplace_back();
    if (jobs.empty()) {
        lines.emplace_back("no job is at work or held");
    } else {
        // Widths are those of all, so that nothing jumps while one scrolls.
        Lines table = proto::lines_of(jobs_table(jobs, data.at).text(colours, size.columns));
        const auto begin = table.begin() + 1 + static_cast<std::ptrdiff_t>(first);
        lines.push_back(table.front());
        lines.insert(lines.end(), begin, begin + static_cast<std::ptrdiff_t>(shown));
    }
    if (size.rows > 0) {
        const auto rows = static_cast<std::size_t>(size.rows);
        lines.resize(rows - 1);
        lines.push_back(keys_line(data, view, first + shown, colours));
    }
    if (size.columns > 0) {
        for (std::string& line : lines)
            line = cut_to(line, static_cast<std::size_t>(size.columns));
    }
    return lines;
}

}  // namespace genspool::cli
