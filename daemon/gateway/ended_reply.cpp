#include "daemon/gateway/ended_reply.hpp"

#include <utility>

#include "daemon/gateway/dialect.hpp"

namespace genspool::daemon::gateway {

namespace asio = boost::asio;

namespace {

/// A job waits for as long as it has to; the client decides when it has had enough.
constexpr proto::Duration long_wait = std::chrono::hours{24};

}  // namespace

asio::awaitable<Reply> answer_when_ended(Api& api, const Request& request, Receipt receipt,
                                         EventAnswer::Make make) {
    const proto::JobSeq seq = receipt.job.seq();
    // Whatever ended the wait: of a job that goes on the answer says so.
    co_await wait_for_end(api, seq, *receipt.waiter, long_wait);
    Answer answer = co_await make();
    auto reply = co_await reply_with(api, std::move(answer), std::move(receipt));
    if (!reply) co_return told(Problem("internal", "a file of the job is gone"), request.target);
    co_return std::move(*reply);
}

Reply answer_as_events(Api& api, Receipt receipt, EventAnswer::Make make, std::string first) {
    Reply reply(200);
    reply.content_type = "text/event-stream";
    reply.headers.emplace_back("Cache-Control", "no-store");
    reply.stream =
        std::make_unique<EventAnswer>(api, std::move(receipt), std::move(make), std::move(first));
    return reply;
}

}  // namespace genspool::daemon::gateway
