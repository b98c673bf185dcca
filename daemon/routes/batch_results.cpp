#include <memory>

#include "daemon/batch_lines.hpp"
#include "daemon/lookup.hpp"
#include "daemon/query.hpp"
#include "daemon/routes/routes.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

asio::awaitable<Reply> lines_of(Api& api, Request& request, bool errors_only) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    FoundBatch found = co_await find_batch(api, request.arguments[0]);
    if (!found.batch) co_return to_reply(*found.problem);
    Reply reply(200);
    reply.content_type = "application/jsonl";
    reply.stream = std::make_unique<BatchLines>(api.queue, found.batch->seq, errors_only);
    co_return reply;
}

}  // namespace

asio::awaitable<Reply> batch_results(Api& api, Request& request) {
    Reply reply = co_await lines_of(api, request, false);
    co_return reply;
}

asio::awaitable<Reply> batch_errors(Api& api, Request& request) {
    Reply reply = co_await lines_of(api, request, true);
    co_return reply;
}

}  // namespace genspool::daemon::routes
