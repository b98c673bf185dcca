#include "workers/http_exchange.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include "queue/kill_point.hpp"

namespace genspool::workers {

namespace asio = boost::asio;
using boost::system::error_code;

HttpExchange::HttpExchange(HttpStream& stream, HttpDeadline& deadline, const HttpCall& call,
                           std::string_view head)
    : stream_(stream),
      deadline_(deadline),
      call_(call),
      head_(head),
      reader_(call.method == "HEAD", call.reply_bytes_max),
      filter_(call.secrets) {}

asio::awaitable<void> HttpExchange::run() {
    state_ = co_await asio::this_coro::cancellation_state;
    if (interrupted("before the request was sent")) co_return;
    deadline_.phase(call_.deadlines.send);
    // From here on the request counts as sent: nobody can tell how much of it the kernel took.
    reply_.progress = HttpProgress::sent;
    if (call_.paid) GENSPOOL_KILL_POINT("paid.before_first_byte");
    const Transfer written = co_await stream_.write(head_, call_.body);
    if (call_.paid) GENSPOOL_KILL_POINT("paid.written");
    if (interrupted("while the request was being sent")) co_return;
    // A server may refuse a long body and close: its answer may be there all the same.
    co_await receive(written.error);
}

asio::awaitable<void> HttpExchange::receive(error_code write_error) {
    deadline_.phase(call_.deadlines.first_byte);
    while (!reader_.done()) {
        const asio::mutable_buffer room = reader_.room();
        const Transfer got = co_await stream_.read_some(room);
        if (got.bytes > 0) {
            answered_ = true;
            reader_.received(got.bytes);
        } else if (got.error == asio::error::eof) {
            reader_.ended();
        } else if (got.error && !interrupted("waiting for the reply")) {
            const error_code cause = write_error ? write_error : got.error;
            fail(HttpError::reset, "the connection broke: " + cause.message());
        }
        if (reply_.error != HttpError::none) co_return;
        const bool going_on = co_await deliver();
        if (!going_on) co_return;
        // A reply that is whole is given back even if somebody has lost interest meanwhile.
        if (!reader_.done() && interrupted("within the reply")) co_return;
        deadline_.phase(call_.deadlines.idle);
    }
}

/// Hands on what has been read. False when that ends the call.
asio::awaitable<bool> HttpExchange::deliver() {
    if (reader_.head_known() && !head_delivered_) {
        head_delivered_ = true;
        reply_.progress = HttpProgress::head;
        reply_.head = reader_.take_head();
        if (call_.paid) GENSPOOL_KILL_POINT("paid.head_received");
        for (HttpHeader& header : reply_.head.headers)
            filter_.blot(header.value);
        if (call_.sink && !reader_.failure()) {
            deadline_.rest();
            HttpHead head = reply_.head;
            const bool wanted = co_await call_.sink->begin(std::move(head));
            if (!wanted) fail(HttpError::sink, "the reply was not wanted");
            if (!wanted) co_return false;
        }
    }
    if (reader_.failure()) {
        fail(reader_.failure().error, reader_.failure().text);
        co_return false;
    }
    if (call_.sink && head_delivered_) {
        std::string piece = filter_.pass(reader_.take_body());
        if (reader_.done()) piece += filter_.rest();
        if (!piece.empty()) {
            deadline_.rest();
            if (call_.paid) GENSPOOL_KILL_POINT("paid.piece_received");
            const bool taken = co_await call_.sink->write(std::move(piece));
            if (!taken) fail(HttpError::sink, "the reply could not be stored");
            if (!taken) co_return false;
        }
    }
    if (reader_.done()) {
        if (!call_.sink) {
            reply_.body = reader_.take_body();
            filter_.blot(reply_.body);
        }
        reply_.progress = HttpProgress::complete;
    }
    co_return true;
}

bool HttpExchange::reusable() const {
    return reply_.progress == HttpProgress::complete && reader_.keeps_connection() &&
           !deadline_.expired();
}

/// Ends the call if it was cancelled or ran out of time.
bool HttpExchange::interrupted(std::string_view what) {
    if (state_.cancelled() != asio::cancellation_type::none) {
        fail(HttpError::cancelled, "cancelled " + std::string(what));
    } else if (deadline_.expired()) {
        fail(HttpError::timeout, "out of time " + std::string(what));
    } else {
        return false;
    }
    return true;
}

void HttpExchange::fail(HttpError error, std::string text) {
    reply_.error = error;
    reply_.error_text = std::move(text);
}

}  // namespace genspool::workers
