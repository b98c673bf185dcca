#include "proto/minimax/v2_list.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "proto/minimax/envelope.hpp"
#include "proto/minimax/list_reply.hpp"
#include "proto/minimax/task_reply.hpp"
#include "proto/minimax/video_v2_request.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

/// Fifty prompts written anew are the most that a page may hold.
constexpr std::uint64_t page_bytes_max = 16U << 20U;

/// Empty: it does not show enough.
std::string shown_of(const json::object& task) {
    const std::string type = text_or_number(task, "task_type");
    if (type == "h3_context_ir") return type;
    if (type != "generation" && type != "regeneration") return {};
    const std::string model = text_or_number(task, "model");
    const std::string resolution = text_or_number(task, "resolution");
    const std::optional<std::uint64_t> duration = whole_number(text_or_number(task, "duration"));
    const bool all = !type.empty() && !model.empty() && !resolution.empty() &&
                     (duration || type != "generation");
    if (!all) return {};
    return listed_as(type, model, resolution, static_cast<std::int64_t>(duration.value_or(0)));
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
    const auto total = whole_number(text_or_number(envelope.fields, "total"));
    json::value* const items = envelope.fields.if_contains("items");
    if (!total || items == nullptr || !items->is_array()) return unreadable_list(reply);
    ListedPage found;
    found.items = std::move(items->get_array());
    found.total = *total;
    const std::uint64_t number = page.empty() ? 1 : whole_number(page).value_or(1);
    const std::uint64_t before = (number - 1) * list_page_max;
    found.promised = *total > before ? std::min<std::uint64_t>(*total - before, list_page_max) : 0;
    if (!found.items.empty() && number * list_page_max < *total)
        found.next = std::to_string(number + 1);
    return found;
}

ListOutcome listed_tasks(std::string_view page, const Reply& reply) {
    auto read = read_list(page, reply);
    if (auto* refused = std::get_if<Refusal>(&read)) return std::move(*refused);
    auto& listed = std::get<ListedPage>(read);
    auto entries = listed_entries(listed.items, shown_of);
    if (!entries || listed.items.size() != listed.promised) return unreadable_list(reply);
    return ListPage{std::move(*entries), std::move(listed.next), listed.total};
}

}  // namespace genspool::proto::minimax
