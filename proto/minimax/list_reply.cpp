#include "proto/minimax/list_reply.hpp"

#include <utility>

#include "proto/minimax/envelope.hpp"
#include "proto/minimax/task_reply.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {

namespace json = boost::json;

namespace {

/// Times of 2017 and 2100 in seconds: what lies beyond counts in something else, or is none.
constexpr std::uint64_t earliest = 1'500'000'000;
constexpr std::uint64_t latest = 4'100'000'000;

std::optional<Instant> made_at(const json::object& shows) {
    const auto seconds = whole_number(text_or_number(shows, "created_at"));
    if (!seconds || *seconds < earliest || *seconds > latest) return std::nullopt;
    return Instant(std::chrono::seconds(*seconds));
}

}  // namespace

std::optional<std::vector<Listed>> listed_entries(
    const json::array& items, const std::function<std::string(const json::object&)>& shown) {
    std::vector<Listed> entries;
    for (const json::value& item : items) {
        if (!item.is_object()) return std::nullopt;
        const json::object& shows = item.get_object();
        std::string id = text_or_number(shows, "id");
        if (!is_usable_id(id)) return std::nullopt;
        entries.push_back({std::move(id), shown(shows), made_at(shows)});
    }
    return entries;
}

Refusal unreadable_list(const Reply& reply) {
    return incomplete(reply, "reply.incomplete", "the answer holds no list that can be read whole",
                      OnCreate::ambiguous);
}

}  // namespace genspool::proto::minimax
