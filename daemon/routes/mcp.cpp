#include <algorithm>
#include <chrono>
#include <utility>

#include "daemon/api.hpp"
#include "daemon/body.hpp"
#include "daemon/mcp_rules.hpp"
#include "daemon/origin_check.hpp"
#include "daemon/problem.hpp"
#include "daemon/query.hpp"
#include "daemon/router.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/build.hpp"
#include "proto/mcp/ordering.hpp"
#include "proto/mcp/server.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;
namespace mcp = proto::mcp;

namespace {

/// What of a file goes into an answer is bounded before; this is for one that has grown since.
constexpr std::size_t reply_bytes_max = 16U << 20U;

/// A batch is answered no further where its answers have grown to this.
constexpr std::size_t batch_bytes_max = 4U << 20U;
/// So long all waits of a batch may take together: one alone may.
constexpr proto::Duration waits_max{45'000};

/// The body of a call that the daemon makes of itself.
class InnerBody : public BodySource {
public:
    InnerBody(std::string text, BodySource& outer) : text_(std::move(text)), outer_(outer) {}

    asio::awaitable<BodyPiece> next() override {
        BodyPiece piece(text_.empty() ? BodyState::end : BodyState::piece);
        piece.bytes = std::exchange(text_, {});
        co_return piece;
    }
    void holds(std::uint64_t) override {}  // the outer body is counted
    bool gone() override { return outer_.gone(); }

private:
    std::string text_;
    BodySource& outer_;
};

void set(Request& request, Field field, std::string value) {
    request.fields[static_cast<std::size_t>(field)] = std::move(value);
}

/// Makes the call as whoever has sent the message.
asio::awaitable<mcp::ApiReply> make(Api& api, Request& outer, mcp::ApiCall call,
                                    proto::Instant waits_until) {
    Request inner;
    inner.method = call.method;
    inner.target = call.target;
    inner.caller = outer.caller;
    if (call.order) {
        std::string key = call.idempotency_key;
        set(inner, Field::idempotency_key, key.empty() ? mcp::order_key(call.body) : key);
    }
    set(inner, Field::traceparent, outer.field(Field::traceparent));
    if (!call.body.empty()) set(inner, Field::content_type, "application/json");
    const auto left = std::chrono::ceil<std::chrono::seconds>(
        std::max(waits_until - api.clock.now(), proto::Duration(0)));
    const auto wait = std::min<std::int64_t>(call.wait_seconds, left.count());
    if (wait > 0) set(inner, Field::prefer, "wait=" + std::to_string(wait));
    InnerBody body(std::move(call.body), *outer.body);
    inner.body = &body;
    Reply reply = co_await route(api, inner);
    mcp::ApiReply told;
    told.status = reply.status;
    told.body = std::move(reply.body);
    while (reply.stream && told.body.size() <= reply_bytes_max) {
        const std::optional<std::string> piece = co_await reply.stream->next();
        if (!piece) break;
        told.body += *piece;
    }
    co_return told;
}

struct Answered {
    std::string text;
    int status = 200;

    Answered() = default;
};

asio::awaitable<Answered> answer(Api& api, Request& request, const mcp::Message& message,
                                 proto::Instant waits_until) {
    mcp::Client client;
    client.revision = revision_of(request, message);
    mcp::Step step;
    auto fault = message.fault ? std::nullopt : header_fault(request, message);
    if (fault) {
        step.fault = std::move(fault);
    } else {
        step = mcp::begin(message, client, proto::build().version);
    }
    while (step.call) {
        mcp::ApiCall call = std::move(*step.call);
        const mcp::Step::Then then = std::move(step.then);
        const mcp::ApiReply reply = co_await make(api, request, std::move(call), waits_until);
        step = then(reply);
    }
    Answered answered;
    answered.text = mcp::answer_text(message, client, step, proto::build().version);
    if (step.fault) answered.status = status_of(*step.fault, client.revision);
    co_return answered;
}

/// What is answered to the rest of a batch whose answers are long enough.
std::string too_long(const Request& request, const mcp::Message& message) {
    mcp::Client client;
    client.revision = revision_of(request, message);
    mcp::Step step;
    step.fault = mcp::Fault{mcp::internal_error,
                            "Nothing was done: the answers before this one are too long. Send it "
                            "in a request of its own.",
                            {}};
    return mcp::answer_text(message, client, step, proto::build().version);
}

}  // namespace

asio::awaitable<Reply> speak_mcp(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    // Those have no business here, whatever they know.
    if (from_page(request) == FromPage::elsewhere)
        co_return to_reply(Problem("cross_origin",
                                   "The request comes from a page of another origin, which may not "
                                   "speak MCP here, with a token or without."));
    std::string begun;
    WholeBody body =
        co_await read_body(request, std::move(begun), api.config.limits.line_bytes_max);
    if (body.problem) co_return to_reply(*body.problem);
    const mcp::Incoming incoming = mcp::read_messages(body.bytes);
    body.bytes = std::string();
    std::string all;
    int status = 200;
    const proto::Instant waits_until = api.clock.now() + waits_max;
    for (const mcp::Message& message : incoming.messages) {
        if (!message.wants_answer()) continue;
        if (all.size() > batch_bytes_max) {
            all += ',' + too_long(request, message);
            continue;
        }
        const Answered answered = co_await answer(api, request, message, waits_until);
        if (!all.empty()) all += ',';
        all += answered.text;
        if (!incoming.batch) status = answered.status;
    }
    if (all.empty()) co_return Reply(202);
    Reply reply(status, std::move(all));
    if (incoming.batch) reply.body = "[" + reply.body + "]";
    co_return reply;
}

}  // namespace genspool::daemon::routes
