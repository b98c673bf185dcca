#include "proto/minimax/v2_list.hpp"

#include <string>
#include <utility>

#include "proto/minimax/envelope.hpp"
#include "proto/minimax/list_reply.hpp"
#include "proto/minimax/task_reply.hpp"
#include "proto/minimax/video_v2_request.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

/// A page of the list; how long one may be, nobody says.
constexpr std::uint64_t page_entries = 50;

/// Empty: it does not show enough.
std::string shown_of(const json::object& task) {
    const std::string type = text_or_number(task, "task_type");
    const std::string model = text_or_number(task, "model");
    const std::string resolution = text_or_number(task, "resolution");
    const std::optional<std::uint64_t> duration = whole_number(text_or_number(task, "duration"));
    const bool all = !type.empty() && !model.empty() && !resolution.empty() &&
                     (duration || type != "generation");
    if (!all) return {};
    return listed_as(type, model, resolution, static_cast<std::int64_t>(duration.value_or(0)));
}

}  // namespace

Call list_of_tasks(std::string_view page) {
    return query("/v2/query/video_generation?page_size=" + std::to_string(page_entries) +
                 "&page_num=" + (page.empty() ? "1" : std::string(page)));
}

ListOutcome listed_tasks(std::string_view page, const Reply& reply) {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refusal(reply, envelope);
    const auto total = whole_number(text_or_number(envelope.fields, "total"));
    auto entries = listed_entries(envelope.fields, "items", shown_of);
    if (!total || !entries) return unreadable_list(reply);
    ListPage found;
    found.entries = std::move(*entries);
    const std::uint64_t number = page.empty() ? 1 : whole_number(page).value_or(1);
    if (!found.entries.empty() && number * page_entries < *total)
        found.next = std::to_string(number + 1);
    return found;
}

}  // namespace genspool::proto::minimax
