#include "daemon/ledger_text.hpp"

#include <array>
#include <map>

#include "daemon/filters.hpp"
#include "proto/json_writer.hpp"

namespace genspool::daemon {

namespace {

using Status = queue::LedgerRow::Status;

constexpr std::array<std::string_view, 4> status_words{"reserved", "spent", "released",
                                                       "uncertain"};
constexpr std::size_t default_limit = 200;
constexpr std::size_t limit_max = 1'000;
constexpr proto::Duration day{86'400'000};

std::string_view to_string(Status status) {
    return status_words.at(static_cast<std::size_t>(status));
}

/// The beginning of a day as it is written in the query.
std::optional<proto::Instant> read_day(Query& query, std::string_view name) {
    const auto text = query.text(name);
    if (!text) return std::nullopt;
    const auto at = proto::parse_rfc3339(*text + "T00:00:00Z");
    if (at && proto::format_day(*at) == *text) return at;
    query.refuse(name, std::string(name) + " must be a day, as in 2026-12-01.");
    return std::nullopt;
}

/// What led to the purchase, in one word.
std::string_view why(const queue::LedgerLine& line) {
    switch (line.row.why) {
        case proto::Event::not_created:
            return "refused";
        case proto::Event::task_failed_again:
            return "failed";
        case proto::Event::proven_absent:
            return "absent";
        case proto::Event::resubmit:
            return "on_unknown";
        case proto::Event::retry:
        case proto::Event::retry_blocked:
            return "retry";
        default:
            // Rows of early versions do not say.
            return line.after == 0 ? "first" : "unrecorded";
    }
}

void write_line(proto::JsonWriter& json, const queue::LedgerLine& line, const std::string& batch) {
    const queue::LedgerRow& row = line.row;
    const bool priced = row.amount.unit != proto::Unit::none;
    json.begin_object();
    json.count("seq", row.job.value);
    json.text_or_null("job_id", row.id == proto::JobId() ? std::string() : row.id.text());
    json.text_or_null("batch", batch);
    json.count("send", row.send);
    json.text("status", to_string(row.status));
    json.money("amount", priced ? std::optional(row.amount.amount) : std::nullopt);
    json.text_or_null("unit", proto::to_string(row.amount.unit));
    json.text("account", row.account);
    json.text("op", row.op);
    json.moment("at", row.at);
    json.text("why", why(line));
    if (line.after == 0) {
        json.null("after");
    } else {
        json.begin_object("after");
        json.count("send", line.after);
        json.text("status", to_string(line.after_status));
        json.end_object();
    }
    json.end_object();
}

}  // namespace

LedgerQuery read_ledger_query(Query& query) {
    LedgerQuery wanted;
    queue::LedgerFilter& filter = wanted.filter;
    filter.from = read_day(query, "from");
    filter.before = read_day(query, "to");
    if (filter.before) *filter.before += day;
    filter.account = query.text("account").value_or("");
    wanted.batch = query.text("batch");
    if (const auto job = query.text("job")) {
        const auto first = proto::JobId::lowest_with_prefix(*job);
        const auto last = proto::JobId::highest_with_prefix(*job);
        if (first && last) {
            filter.jobs = {*first, *last};
        } else {
            query.refuse("job", "\"" + *job + "\" is no id of a job.");
        }
    }
    if (const auto status = query.text("status")) {
        for (std::size_t n = 0; n < status_words.size(); ++n) {
            if (status_words.at(n) == *status) filter.status = static_cast<Status>(n);
        }
        if (!filter.status)
            query.refuse("status", "status must be reserved, spent, released or uncertain.");
    }
    wanted.after = read_cursor(query);
    wanted.limit = query.count("limit", 1, limit_max).value_or(default_limit);
    return wanted;
}

std::string ledger_text(const queue::LedgerPage& page,
                        const std::function<std::string(proto::BatchSeq)>& batch_id) {
    std::map<proto::BatchSeq, std::string> batches{{{}, {}}};
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.begin_array("rows");
    for (const queue::LedgerLine& line : page.lines) {
        const proto::BatchSeq batch = line.row.batch;
        if (!batches.contains(batch)) batches[batch] = batch_id(batch);
        write_line(json, line, batches[batch]);
    }
    json.end_array();
    write_next(json, page.next.value);
    json.end_object();
    return out;
}

TotalsQuery read_totals_query(Query& query) {
    TotalsQuery wanted;
    const auto first = read_day(query, "from");
    const auto last = read_day(query, "to");
    const auto next = read_day(query, "cursor");
    if (first) wanted.filter.first = proto::format_day(*first);
    if (next) wanted.filter.first = proto::format_day(*next);
    if (last) wanted.filter.last = proto::format_day(*last);
    wanted.filter.account = query.text("account").value_or("");
    wanted.limit = query.count("limit", 1, limit_max).value_or(default_limit);
    return wanted;
}

std::string totals_text(const queue::LedgerTotals& page) {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.begin_array("totals");
    for (const queue::LedgerTotal& total : page.totals) {
        const bool priced = total.unit != proto::Unit::none;
        const auto shown = [priced](proto::Micros amount) {
            return priced ? std::optional(amount) : std::nullopt;
        };
        json.begin_object();
        json.text("day", total.day);
        json.text("account", total.account);
        json.text_or_null("unit", proto::to_string(total.unit));
        json.money("spent", shown(total.spent));
        json.money("reserved", shown(total.reserved));
        json.money("uncertain", shown(total.uncertain));
        json.end_object();
    }
    json.end_array();
    json.text_or_null("next", page.next);
    json.end_object();
    return out;
}

}  // namespace genspool::daemon
