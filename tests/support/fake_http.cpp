#include "tests/support/fake_http.hpp"

#include <algorithm>
#include <utility>

namespace genspool::tests {

namespace asio = boost::asio;
using workers::HttpError;
using workers::HttpProgress;

namespace {

constexpr std::size_t piece_bytes = 1'500;

workers::HttpHead head_of(const FakeAnswer& answer) {
    workers::HttpHead head;
    head.status = answer.status;
    head.headers = answer.headers;
    const std::uint64_t length = answer.declared.value_or(answer.body.size());
    if (answer.length_said) head.headers.push_back({"Content-Length", std::to_string(length)});
    return head;
}

}  // namespace

asio::awaitable<workers::HttpReply> FakeHttp::call(workers::HttpCall request) {
    workers::BodySink* const sink = request.sink;
    const std::uint64_t bytes_max = request.reply_bytes_max;
    workers::HttpReply reply;
    const FakeAnswer answer = upstream_(request);
    request.sink = nullptr;
    calls_.push_back(std::move(request));
    const bool woken = co_await clock_.sleep_until(clock_.now() + answer.delay);
    reply.progress =
        answer.progress == HttpProgress::not_sent ? answer.progress : HttpProgress::sent;
    reply.error = woken ? answer.error : HttpError::cancelled;
    reply.error_text = to_string(reply.error);
    if (!woken || answer.progress <= HttpProgress::sent) co_return reply;

    reply.progress = HttpProgress::head;
    reply.head = head_of(answer);
    std::string body = answer.body;
    if (answer.progress == HttpProgress::head) {
        body.resize(std::min<std::uint64_t>(body.size(), answer.body_bytes));
    }
    bool taken = true;
    if (sink) taken = co_await sink->begin(reply.head);
    for (std::size_t at = 0; sink && taken && at < body.size(); at += piece_bytes)
        taken = co_await sink->write(body.substr(at, piece_bytes));
    if (!taken || body.size() > bytes_max) {
        reply.error = taken ? HttpError::too_large : HttpError::sink;
        reply.error_text = to_string(reply.error);
        co_return reply;
    }
    if (!sink) reply.body = std::move(body);
    if (answer.progress == HttpProgress::head) co_return reply;
    reply.progress = HttpProgress::complete;
    reply.error = HttpError::none;
    reply.error_text.clear();
    co_return reply;
}

}  // namespace genspool::tests
