#include "tests/support/fake_http.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "proto/codec.hpp"

namespace genspool::tests {

namespace asio = boost::asio;
using workers::HttpError;
using workers::HttpProgress;

namespace {

workers::HttpHead head_of(const FakeAnswer& answer) {
    workers::HttpHead head;
    head.status = answer.status;
    head.headers = answer.headers;
    const std::uint64_t length = answer.declared.value_or(answer.body.size());
    if (answer.length_said) head.headers.push_back({"Content-Length", std::to_string(length)});
    return head;
}

void add(FakeSaid& all, FakeSaid more) {
    std::move(more.frames.begin(), more.frames.end(), std::back_inserter(all.frames));
    all.delay += more.delay;
    all.hangs_up = all.hangs_up || more.hangs_up;
}

}  // namespace

asio::awaitable<workers::HttpReply> FakeHttp::call(workers::HttpCall request) {
    workers::BodySink* const sink = request.sink;
    const std::uint64_t bytes_max = request.reply_bytes_max;
    proto::Session* const session = request.session;
    workers::HttpReply reply;
    const FakeAnswer answer = upstream_(request);
    request.sink = nullptr;
    request.session = nullptr;
    calls_.push_back(std::move(request));
    const bool woken = co_await clock_.sleep_until(clock_.now() + answer.delay);
    reply.progress =
        answer.progress == HttpProgress::not_sent ? answer.progress : HttpProgress::sent;
    reply.error = woken ? answer.error : HttpError::cancelled;
    reply.error_text = to_string(reply.error);
    // A session was not paid for before the first of its frames.
    if (session) reply.progress = HttpProgress::not_sent;
    if (!woken || answer.progress <= HttpProgress::sent) co_return reply;
    if (session && answer.peer) co_return co_await converse(*session, answer.peer, sink, bytes_max);

    reply.progress = HttpProgress::head;
    reply.head = head_of(answer);
    std::string body = answer.body;
    if (answer.progress == HttpProgress::head) {
        body.resize(std::min<std::uint64_t>(body.size(), answer.body_bytes));
    }
    bool taken = true;
    if (sink) taken = co_await sink->begin(reply.head);
    for (std::size_t at = 0; sink && taken && at < body.size(); at += answer.piece_bytes) {
        bool waited = true;
        if (answer.pause.count() > 0)
            waited = co_await clock_.sleep_until(clock_.now() + answer.pause);
        if (!waited) {
            reply.error = HttpError::cancelled;
            reply.error_text = to_string(reply.error);
            co_return reply;
        }
        taken = co_await sink->write(body.substr(at, answer.piece_bytes));
    }
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

asio::awaitable<workers::HttpReply> FakeHttp::converse(proto::Session& session, FakePeer peer,
                                                       workers::BodySink* sink,
                                                       std::uint64_t bytes_max) {
    workers::HttpReply reply;
    reply.head.status = 101;
    if (sink) co_await sink->begin(reply.head);
    FakeSaid said = peer(nullptr);
    std::uint64_t bytes = 0;
    while (reply.error == HttpError::none) {
        const bool woken = co_await clock_.sleep_until(clock_.now() + said.delay);
        if (!woken) reply.error = HttpError::cancelled;
        FakeSaid next;
        for (std::size_t n = 0; n < said.frames.size() && reply.error == HttpError::none; ++n) {
            std::string event = "data: " + said.frames[n] + "\n\n";
            bytes += event.size();
            if (sink) co_await sink->write(std::move(event));
            const proto::SessionMove move = session.on_frame(said.frames[n]);
            if (move.over) reply.progress = HttpProgress::complete;
            if (move.over) co_return reply;
            const bool waited = co_await clock_.sleep_until(clock_.now() + move.pause);
            if (!waited) reply.error = HttpError::cancelled;
            if (waited && move.paid) reply.progress = HttpProgress::head;
            if (bytes > bytes_max) reply.error = HttpError::too_large;
            for (const std::string& frame : move.frames)
                add(next, peer(&frame));
        }
        if (reply.error == HttpError::none && (said.hangs_up || next.frames.empty()))
            reply.error = HttpError::reset;
        said = std::move(next);
    }
    reply.error_text = to_string(reply.error);
    co_return reply;
}

}  // namespace genspool::tests
