#include <functional>
#include <utility>
#include <vector>

#include "daemon/batch_text.hpp"
#include "daemon/filters.hpp"
#include "daemon/lookup.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/act_many.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/json_writer.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

asio::awaitable<Reply> list_batches(Api& api, Request& request) {
    Query query(request);
    const proto::BatchSeq before{read_cursor(query).value};
    const std::size_t limit = query.count("limit", 1, 1'000).value_or(50);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    std::vector<queue::BatchView> batches;
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        batches = reader.list_batches(before, limit, false);
    };
    co_await look(api.queue, std::move(errand));
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.begin_array("batches");
    for (const queue::BatchView& batch : batches)
        json.raw_element(batch_text(batch));
    json.end_array();
    write_next(json, batches.size() < limit ? 0 : batches.back().seq.value);
    json.end_object();
    co_return Reply(200, std::move(out));
}

asio::awaitable<Reply> show_batch(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    FoundBatch found = co_await find_batch(api, request.arguments[0]);
    if (!found.batch) co_return to_reply(*found.problem);
    co_return Reply(200, batch_text(*found.batch));
}

asio::awaitable<Reply> cancel_batch(Api& api, Request& request) {
    Query query(request);
    const proto::JobSeq before = read_cursor(query);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    FoundBatch found = co_await find_batch(api, request.arguments[0]);
    if (!found.batch) co_return to_reply(*found.problem);
    queue::Filter filter;
    filter.batch = found.batch->seq;
    Reply reply = co_await act_on_selection(api, request.caller, queue::Verb::cancel,
                                            std::move(filter), before);
    co_return reply;
}

}  // namespace genspool::daemon::routes
