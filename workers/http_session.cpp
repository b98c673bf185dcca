#include "workers/http_session.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <utility>

#include "proto/codec.hpp"
#include "queue/kill_point.hpp"
#include "workers/secret_filter.hpp"

namespace genspool::workers {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

namespace {

/// One event of a stream of them; a line break inside a frame begins another line of its data.
std::string as_event(std::string_view frame) {
    std::string event = "data: ";
    event.reserve(frame.size() + 16);
    for (const char letter : frame) {
        if (letter == '\n' || letter == '\r') {
            event += "\ndata: ";
        } else {
            event += letter;
        }
    }
    return event + "\n\n";
}

std::string text(beast::string_view view) {
    return {view.data(), view.size()};
}

/// Stream: a socket, or TLS over one.
template <class Stream>
class Conversation {
public:
    Conversation(Stream& stream, HttpDeadline& deadline, const HttpCall& call)
        : socket_(stream), deadline_(deadline), call_(call), filter_(call.secrets) {}

    asio::awaitable<void> run(const HttpTarget& target, std::string user_agent);

    HttpReply& reply() { return reply_; }

private:
    asio::awaitable<bool> shake_hands(const HttpTarget& target, std::string user_agent);
    asio::awaitable<bool> refused(std::string body);
    asio::awaitable<bool> listen();
    asio::awaitable<bool> answer(proto::SessionMove move);
    asio::awaitable<bool> wait(proto::Duration span);
    asio::awaitable<bool> keep(std::string piece);
    asio::awaitable<bool> begin();
    bool interrupted(std::string_view what);
    bool fail(HttpError error, std::string text);
    bool broken(const error_code& error, std::string_view what);

    websocket::stream<Stream&> socket_;
    HttpDeadline& deadline_;
    const HttpCall& call_;
    SecretFilter filter_;
    HttpReply reply_;
    beast::flat_buffer buffer_;
    std::uint64_t bytes_ = 0;
    asio::cancellation_state state_;
};

template <class Stream>
asio::awaitable<void> Conversation<Stream>::run(const HttpTarget& target, std::string user_agent) {
    state_ = co_await asio::this_coro::cancellation_state;
    bool going_on = co_await shake_hands(target, std::move(user_agent));
    while (going_on)
        going_on = co_await listen();
}

template <class Stream>
asio::awaitable<bool> Conversation<Stream>::shake_hands(const HttpTarget& target,
                                                        std::string user_agent) {
    if (interrupted("before the session began")) co_return false;
    socket_.read_message_max(call_.reply_bytes_max);
    socket_.set_option(websocket::stream_base::decorator([&](websocket::request_type& request) {
        request.set(beast::http::field::user_agent, user_agent);
        for (const HttpHeader& header : call_.headers)
            request.set(header.name, header.value);
    }));
    deadline_.phase(call_.deadlines.first_byte);
    websocket::response_type response;
    const auto result = co_await socket_.async_handshake(
        response, target.authority, target.resource, asio::as_tuple(asio::deferred));
    const error_code error = std::get<0>(result);
    const bool declined = error == websocket::error::upgrade_declined;
    if (error && !declined) co_return broken(error, "opening the session");
    reply_.head.status = static_cast<int>(response.result_int());
    for (const auto& field : response) {
        std::string value = text(field.value());
        filter_.blot(value);
        reply_.head.headers.push_back({text(field.name_string()), std::move(value)});
    }
    const bool begun = co_await begin();
    if (!begun || !declined) co_return begun;
    std::string body = std::move(response.body());
    co_return co_await refused(std::move(body));
}

/// An answer of plain HTTP in place of a session is a whole reply.
template <class Stream>
asio::awaitable<bool> Conversation<Stream>::refused(std::string body) {
    filter_.blot(body);
    const bool kept = co_await keep(std::move(body));
    if (kept) reply_.progress = HttpProgress::complete;
    co_return false;
}

/// One frame, and what follows from it. False when that ends the call.
template <class Stream>
asio::awaitable<bool> Conversation<Stream>::listen() {
    deadline_.phase(call_.deadlines.first_byte);
    const auto result = co_await socket_.async_read(buffer_, asio::as_tuple(asio::deferred));
    const error_code error = std::get<0>(result);
    if (error == websocket::error::message_too_big)
        co_return fail(HttpError::too_large, "a frame is longer than the whole reply may be");
    if (error) co_return broken(error, "within the session");
    std::string frame = beast::buffers_to_string(buffer_.data());
    buffer_.consume(buffer_.size());
    filter_.blot(frame);
    std::string event = as_event(frame);
    bytes_ += event.size();
    if (bytes_ > call_.reply_bytes_max)
        co_return fail(HttpError::too_large, "the session is longer than the reply may be");
    if (call_.paid) GENSPOOL_KILL_POINT("paid.piece_received");
    const bool kept = co_await keep(std::move(event));
    if (!kept) co_return false;
    proto::SessionMove move = call_.session->on_frame(frame);
    if (move.over) reply_.progress = HttpProgress::complete;
    if (move.over || interrupted("within the session")) co_return false;
    co_return co_await answer(std::move(move));
}

template <class Stream>
asio::awaitable<bool> Conversation<Stream>::answer(proto::SessionMove move) {
    if (move.pause > proto::Duration(0)) {
        const bool waited = co_await wait(move.pause);
        if (!waited) co_return false;
    }
    // From here on it counts as sent: nobody can tell how much of it the kernel took.
    if (move.paid) reply_.progress = HttpProgress::head;
    if (move.paid) GENSPOOL_KILL_POINT("paid.before_first_byte");
    for (const std::string& frame : move.frames) {
        deadline_.phase(call_.deadlines.send);
        const auto result =
            co_await socket_.async_write(asio::buffer(frame), asio::as_tuple(asio::deferred));
        const error_code error = std::get<0>(result);
        if (error) co_return broken(error, "speaking in the session");
    }
    if (move.paid) GENSPOOL_KILL_POINT("paid.written");
    co_return !interrupted("within the session");
}

template <class Stream>
asio::awaitable<bool> Conversation<Stream>::wait(proto::Duration span) {
    deadline_.rest();
    asio::steady_timer timer(socket_.get_executor(), span);
    co_await timer.async_wait(asio::as_tuple(asio::deferred));
    co_return !interrupted("within the session");
}

template <class Stream>
asio::awaitable<bool> Conversation<Stream>::begin() {
    if (call_.paid) GENSPOOL_KILL_POINT("paid.head_received");
    if (!call_.sink) co_return true;
    deadline_.rest();
    HttpHead head = reply_.head;
    const bool wanted = co_await call_.sink->begin(std::move(head));
    co_return wanted || fail(HttpError::sink, "the reply was not wanted");
}

template <class Stream>
asio::awaitable<bool> Conversation<Stream>::keep(std::string piece) {
    if (!call_.sink) {
        reply_.body += piece;
        co_return true;
    }
    deadline_.rest();
    const bool taken = co_await call_.sink->write(std::move(piece));
    co_return taken || fail(HttpError::sink, "the reply could not be stored");
}

/// Ends the call if it was cancelled or ran out of time.
template <class Stream>
bool Conversation<Stream>::interrupted(std::string_view what) {
    if (state_.cancelled() != asio::cancellation_type::none) {
        fail(HttpError::cancelled, "cancelled " + std::string(what));
    } else if (deadline_.expired()) {
        fail(HttpError::timeout, "out of time " + std::string(what));
    } else {
        return false;
    }
    return true;
}

/// Always false.
template <class Stream>
bool Conversation<Stream>::fail(HttpError error, std::string text) {
    reply_.error = error;
    reply_.error_text = std::move(text);
    return false;
}

template <class Stream>
bool Conversation<Stream>::broken(const error_code& error, std::string_view what) {
    if (interrupted(what)) return false;
    return fail(HttpError::reset,
                "the connection broke " + std::string(what) + ": " + error.message());
}

template <class Stream>
asio::awaitable<HttpReply> converse(Stream& stream, HttpDeadline& deadline, const HttpCall& call,
                                    const HttpTarget& target, std::string user_agent) {
    Conversation<Stream> conversation(stream, deadline, call);
    co_await conversation.run(target, std::move(user_agent));
    co_return std::move(conversation.reply());
}

}  // namespace

asio::awaitable<HttpReply> run_session(std::shared_ptr<HttpStream> stream, HttpDeadline& deadline,
                                       const HttpCall& call, const HttpTarget& target,
                                       std::string user_agent) {
    HttpReply reply;
    if (stream->tls()) {
        reply = co_await converse(*stream->tls(), deadline, call, target, std::move(user_agent));
    } else {
        reply = co_await converse(stream->socket(), deadline, call, target, std::move(user_agent));
    }
    stream->close();
    co_return reply;
}

}  // namespace genspool::workers
