#include "proto/minimax/v2_list.hpp"

#include <boost/json/array.hpp>
#include <charconv>
#include <cstdint>
#include <string>

#include "proto/minimax/envelope.hpp"
#include "proto/minimax/task_reply.hpp"
#include "proto/minimax/video_v2_request.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

/// A page of the list; how long one may be, nobody says.
constexpr std::uint64_t page_entries = 50;

/// 0 where it is none.
std::uint64_t whole_number(std::string_view text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Listed listed_task(const json::object& task) {
    Listed entry;
    entry.task = text_or_number(task, "id");
    const auto duration = static_cast<std::int64_t>(whole_number(text_or_number(task, "duration")));
    entry.listed_as = listed_as(text_or_number(task, "task_type"), text_or_number(task, "model"),
                                text_or_number(task, "resolution"), duration);
    const std::uint64_t seconds = whole_number(text_or_number(task, "created_at"));
    entry.made_at = Instant(std::chrono::seconds(seconds));
    return entry;
}

}  // namespace

Call list_of_tasks(std::string_view page) {
    return query("/v2/query/video_generation?page_size=" + std::to_string(page_entries) +
                 "&page_num=" + (page.empty() ? "1" : std::string(page)));
}

ListOutcome listed_tasks(std::string_view page, const Reply& reply) {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refusal(reply, envelope);
    const json::value* items = envelope.fields.if_contains("items");
    const std::uint64_t total = whole_number(text_or_number(envelope.fields, "total"));
    if (items == nullptr || !items->is_array()) {
        return incomplete(reply, "reply.incomplete", "the answer holds no list of tasks",
                          OnCreate::ambiguous);
    }
    ListPage found;
    for (const json::value& item : items->get_array()) {
        if (item.is_object()) found.entries.push_back(listed_task(item.get_object()));
    }
    const std::uint64_t number = page.empty() ? 1 : whole_number(page);
    if (!found.entries.empty() && number * page_entries < total)
        found.next = std::to_string(number + 1);
    return found;
}

}  // namespace genspool::proto::minimax
