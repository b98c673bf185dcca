#include "proto/minimax/batch_list.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "proto/minimax/envelope.hpp"
#include "proto/minimax/list_reply.hpp"
#include "proto/minimax/task_reply.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

/// As many as a page may have.
constexpr std::size_t page_entries = 100;

std::string file_of(const boost::json::object& batch) {
    return text_or_number(batch, "input_file_id");
}

}  // namespace

Call list_of_batches(std::string_view page) {
    std::string target = "/v1/batches?limit=" + std::to_string(page_entries);
    if (!page.empty()) target += "&after=" + encoded(page);
    return query(std::move(target));
}

ListOutcome listed_batches(std::string_view page, const Reply& reply) {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refusal(reply, envelope);
    const boost::json::value* const data = envelope.fields.if_contains("data");
    if (data == nullptr || !data->is_array()) return unreadable_list(reply);
    auto entries = listed_entries(data->get_array(), file_of);
    if (!entries) return unreadable_list(reply);
    ListPage found;
    found.entries = std::move(*entries);
    // Nothing tells that a page is the last but that nothing comes after it.
    if (!found.entries.empty()) found.next = found.entries.back().task;
    const bool goes_round = std::any_of(found.entries.begin(), found.entries.end(),
                                        [page](const Listed& one) { return one.task == page; });
    if (goes_round) return unreadable_list(reply);
    return found;
}

}  // namespace genspool::proto::minimax
