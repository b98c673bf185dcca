#include "proto/minimax/v2_list.hpp"

#include <string>
#include <utility>

#include "proto/minimax/envelope.hpp"
#include "proto/minimax/task_reply.hpp"
#include "proto/minimax/video_v2_request.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

/// Fifty prompts written anew are the most that a page may hold.
constexpr std::uint64_t page_bytes_max = 16U << 20U;

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

Call list_of_tasks(std::string_view page, std::span<const Task> wanted) {
    Call call = query("/v2/query/video_generation?page_size=" + std::to_string(list_page_max) +
                      "&page_num=" + (page.empty() ? "1" : std::string(page)));
    for (const Task& task : wanted)
        call.target += "&filter.task_ids=" + encoded(task.id);
    call.reply_bytes_max = page_bytes_max;
    return call;
}

std::variant<ListedPage, Refusal> read_list(std::string_view page, const Reply& reply) {
    Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refusal(reply, envelope);
    json::value* items = envelope.fields.if_contains("items");
    if (items == nullptr || !items->is_array()) {
        return incomplete(reply, "reply.incomplete", "the answer holds no list of tasks",
                          OnCreate::ambiguous);
    }
    ListedPage found;
    found.items = std::move(items->get_array());
    const std::uint64_t total = whole_number(text_or_number(envelope.fields, "total"));
    const std::uint64_t number = page.empty() ? 1 : whole_number(page);
    if (!found.items.empty() && number * list_page_max < total)
        found.next = std::to_string(number + 1);
    return found;
}

ListOutcome listed_tasks(std::string_view page, const Reply& reply) {
    auto read = read_list(page, reply);
    if (auto* refused = std::get_if<Refusal>(&read)) return std::move(*refused);
    auto& listed = std::get<ListedPage>(read);
    ListPage found;
    for (const json::value& item : listed.items) {
        if (item.is_object()) found.entries.push_back(listed_task(item.get_object()));
    }
    found.next = std::move(listed.next);
    return found;
}

}  // namespace genspool::proto::minimax
