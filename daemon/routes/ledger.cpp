#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/filters.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/json_writer.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

std::string_view to_string(queue::LedgerRow::Status status) {
    switch (status) {
        case queue::LedgerRow::Status::reserved:
            return "reserved";
        case queue::LedgerRow::Status::spent:
            return "spent";
        case queue::LedgerRow::Status::released:
            return "released";
        case queue::LedgerRow::Status::uncertain:
            return "uncertain";
    }
    return "reserved";
}

void write_row(proto::JsonWriter& json, const queue::LedgerRow& row, const queue::Reader& reader) {
    // The row outlives its job.
    const bool priced = row.amount.unit != proto::Unit::none;
    const auto job = reader.find(row.job);
    json.begin_object();
    json.count("seq", row.job.value);
    json.text_or_null("job_id", job ? job->record.id.text() : std::string());
    json.count("send", row.send);
    json.text("status", to_string(row.status));
    json.money("amount", priced ? std::optional(row.amount.amount) : std::nullopt);
    json.text_or_null("unit", proto::to_string(row.amount.unit));
    json.text("account", row.account);
    json.text("op", row.op);
    json.moment("at", row.at);
    json.end_object();
}

}  // namespace

asio::awaitable<Reply> ledger(Api& api, Request& request) {
    Query query(request);
    const proto::JobSeq after = read_cursor(query);
    const std::size_t limit = query.count("limit", 1, 1'000).value_or(200);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    std::string out;
    proto::JsonWriter json(out);
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        const std::vector<queue::LedgerRow> rows = reader.ledger(after, limit);
        json.begin_object();
        json.begin_array("rows");
        for (const queue::LedgerRow& row : rows)
            write_row(json, row, reader);
        json.end_array();
        // A job's rows come together, so the page may be a little longer than its limit.
        write_next(json, rows.size() < limit ? 0 : rows.back().job.value);
        json.end_object();
    };
    co_await look(api.queue, std::move(errand));
    co_return Reply(200, std::move(out));
}

}  // namespace genspool::daemon::routes
