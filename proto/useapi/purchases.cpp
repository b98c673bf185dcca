#include "proto/useapi/purchases.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cstdint>
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

/// It is kept on each job: of a longer prompt stand its beginning, its length and its hash for it.
constexpr std::size_t prompt_bytes_max = 100;
constexpr std::size_t beginning_bytes_max = 60;

constexpr std::string_view blank = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(blank), text.size());
    return text.substr(begin, text.find_last_not_of(blank) + 1 - begin);
}

/// FNV-1a: nobody gains by prompts of one length and beginning that share it.
std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 14'695'981'039'346'656'037U;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
    return hash;
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
    const json::array* const items = items_of(list, answer);
    if (!succeeded(reply, answer) || items == nullptr)
        return unread_page(Service::credits, reply, answer);
    ListPage found;
    for (const json::value& item : *items) {
        const json::object* const entry = item.if_object();
        std::string id = entry != nullptr ? text_or_number(*entry, list.id) : "";
        // Who begins anew where it was to go on would be read for ever.
        if (!is_usable_id(id) || id == page) {
            found.next.clear();
            found.partial = true;
            return found;
        }
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

ListOutcome unread_page(Service service, const Reply& reply, const Answer& answer) {
    Refusal refused = refusal(service, reply, answer);
    const bool by_shape = succeeded(reply, answer);
    if (!by_shape && refused.failure.failure != FailureClass::rejected) return refused;
    ListPage nothing;
    nothing.partial = true;
    return nothing;
}

std::string shown_as(std::string_view op, std::string_view prompt) {
    const std::string_view text = trimmed(prompt);
    const std::string head = std::string(op) + "/";
    if (text.size() <= prompt_bytes_max) return head + std::string(text);
    return head + bounded_utf8(text, beginning_bytes_max) + "…/" + std::to_string(text.size()) +
           "/" + std::to_string(hash_of(text));
}

}  // namespace genspool::proto::useapi
