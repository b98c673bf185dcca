#include "proto/useapi/purchases.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"
#include "proto/useapi/answer.hpp"
#include "proto/useapi/scheduler.hpp"
#include "proto/useapi/targets.hpp"
#include "proto/useapi/times.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::useapi {
namespace {

namespace json = boost::json;

/// The first page of the list itself; those that follow are named by the last entry before them.
constexpr std::string_view first_page = "-";

/// Thirty objects of a few kilobytes each, with room.
constexpr std::uint64_t page_bytes_max = 8U << 20U;

/// Enough of a prompt to tell it from others.
constexpr std::size_t shown_bytes_max = 400;

constexpr std::string_view blank = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(blank), text.size());
    return text.substr(begin, text.find_last_not_of(blank) + 1 - begin);
}

const json::array* items_of(const PurchaseList& list, const Answer& answer) {
    if (list.items.empty()) return answer.json.if_array();
    const json::value* const items = answer.fields().if_contains(list.items);
    return items != nullptr ? items->if_array() : nullptr;
}

std::string shown_of(const PurchaseList& list, const json::object& entry) {
    const json::value* const prompt = entry.if_contains("desc");
    if (list.op.empty() || prompt == nullptr || !prompt->is_string()) return {};
    return shown_as(list.op, std::string_view(prompt->get_string()));
}

}  // namespace

Call list_purchases(const PurchaseList& list, std::string_view page) {
    if (page.empty()) return query(std::string(scheduler));
    Call call = query(std::string(list.target));
    if (page != first_page) call.target += "&" + std::string(list.after) + "=" + encoded_id(page);
    call.reply_bytes_max = page_bytes_max;
    return call;
}

ListOutcome listed_purchases(const PurchaseList& list, std::string_view mark, std::string_view page,
                             const Reply& reply) {
    if (page.empty()) return listed_running(running_jobs(reply, mark), std::string(first_page));
    const Answer answer = read_answer(reply);
    if (!succeeded(reply, answer)) return refusal(Service::credits, reply, answer);
    const json::array* const items = items_of(list, answer);
    if (items == nullptr) return incomplete(reply, "the answer holds no list");
    ListPage found;
    for (const json::value& item : *items) {
        const json::object* const entry = item.if_object();
        std::string id = entry != nullptr ? text_or_number(*entry, list.id) : "";
        // Who begins anew where it was to go on would be read for ever.
        if (!is_usable_id(id) || id == page)
            return incomplete(reply, "the answer holds no list that can be read whole");
        found.next = id;
        std::string together = list.together.empty() ? "" : text_or_number(*entry, list.together);
        found.entries.push_back({std::move(id),
                                 shown_of(list, *entry),
                                 time_member(*entry, list.made_at),
                                 {},
                                 std::move(together)});
    }
    return found;
}

std::string shown_as(std::string_view op, std::string_view prompt) {
    return std::string(op) + "/" + bounded_utf8(trimmed(prompt), shown_bytes_max);
}

}  // namespace genspool::proto::useapi
