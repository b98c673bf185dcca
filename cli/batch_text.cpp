#include "cli/batch_text.hpp"

#include "cli/json_reading.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"

namespace genspool::cli {

namespace json = boost::json;

namespace {

std::uint64_t in_state(const json::value& batch, std::string_view state) {
    return count_at(batch, "states." + std::string(state));
}

std::uint64_t all_jobs(const json::value& batch) {
    std::uint64_t all = 0;
    const json::value* states = value_at(batch, "states");
    if (states == nullptr || !states->is_object()) return 0;
    for (const auto& state : states->get_object())
        all += count_at(state.value(), "");
    return all;
}

Paint paint_of(const json::value& batch) {
    if (!is_batch_settled(batch)) return Paint::plain;
    switch (exit_of_batch(batch)) {
        case Exit::done:
            return Paint::good;
        case Exit::held:
            return Paint::waiting;
        default:
            return Paint::bad;
    }
}

}  // namespace

std::string batch_states(const json::value& batch) {
    const json::value* states = value_at(batch, "states");
    if (states == nullptr || !states->is_object()) return {};
    std::string out;
    for (const auto& state : states->get_object()) {
        const std::uint64_t jobs = count_at(state.value(), "");
        if (jobs == 0) continue;
        if (!out.empty()) out += ", ";
        out += std::to_string(jobs) + " " + std::string(state.key());
    }
    return out;
}

BatchShare batch_share(const json::value& batch) {
    BatchShare share;
    for (const char* const state : {"succeeded", "failed", "canceled", "held"})
        share.ended += in_state(batch, state);
    share.all = all_jobs(batch);
    return share;
}

bool is_batch_settled(const json::value& batch) {
    const BatchShare share = batch_share(batch);
    return share.ended >= share.all;
}

Exit exit_of_batch(const json::value& batch) {
    if (in_state(batch, "failed") + in_state(batch, "canceled") > 0) return Exit::failed;
    return in_state(batch, "held") > 0 ? Exit::held : Exit::done;
}

void print_batches(const Console& console, const std::vector<json::value>& batches,
                   proto::Instant now) {
    std::vector<std::string> ids;
    for (const json::value& batch : batches)
        ids.push_back(text_at(batch, "id"));
    const std::size_t length = short_id_length(ids);
    using Align = Table::Align;
    Table table({{"ID"},
                 {"JOBS", Align::right},
                 {"REFUSED", Align::right},
                 {"SPENT", Align::right},
                 {"AGE", Align::right},
                 {"NAME"},
                 {"STATES"}});
    for (const json::value& batch : batches) {
        const json::value* cost = value_at(batch, "cost");
        table.add({text_at(batch, "id").substr(0, length), text_at(batch, "accepted"),
                   text_at(batch, "refused"),
                   cost == nullptr ? std::string() : amount(*cost, "spent", false),
                   age(text_at(batch, "created_at"), now), text_at(batch, "name"),
                   Cell(batch_states(batch), paint_of(batch))});
    }
    table.print(console);
}

void print_batch(const Console& console, const json::value& batch, proto::Instant now) {
    Details details;
    details.add("id", Cell(text_at(batch, "id"), Paint::bold));
    details.add("jobs", Cell(batch_states(batch), paint_of(batch)));
    details.add("name", text_at(batch, "name"));
    details.add("source", text_at(batch, "source"));
    details.add("accepted", text_at(batch, "accepted"));
    details.add("refused", text_at(batch, "refused"));
    details.add("created", age(text_at(batch, "created_at"), now) + " ago");
    const std::string end = text_at(batch, "ended_at");
    details.add("ended", end.empty() ? end : age(end, now) + " ago");
    if (const json::value* cost = value_at(batch, "cost")) {
        for (const char* name : {"spent", "reserved", "uncertain", "budget"})
            details.add(name, amount(*cost, name, false));
    }
    details.print(console);
}

}  // namespace genspool::cli
