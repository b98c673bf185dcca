#include "daemon/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <utility>

#include "daemon/log.hpp"
#include "daemon/problem.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

/// The answer to what is no request.
Reply unreadable(const HttpReader& reader) {
    const char* code = "malformed";
    if (reader.status() == 413) code = "too_large";
    if (reader.status() == 431) code = "header_too_large";
    if (reader.status() == 505) code = "unsupported_version";
    return to_reply(Problem(code, "This cannot be read as a request: " + reader.reason() + "."));
}

}  // namespace

Session::Session(Socket socket, Caller caller, SessionLimits limits, const Answering& answering)
    : socket_(std::move(socket)),
      caller_(std::move(caller)),
      limits_(limits),
      answering_(answering),
      reader_(limits.header_bytes_max) {
    // Lets write() try at once and wait only where the client is slow.
    socket_.non_blocking(true);
}

void Session::watch(std::chrono::seconds most) {
    due_ = Clock::now() + most;
}

void Session::watch_nothing() {
    due_ = Clock::time_point::max();
}

void Session::stop() {
    stopping_ = true;
    boost::system::error_code ignored;  // a socket that is gone is what we want
    if (phase_ != Phase::answering) socket_.shutdown(Socket::shutdown_both, ignored);
}

void Session::cut() {
    stopping_ = true;
    boost::system::error_code ignored;  // as above
    socket_.shutdown(Socket::shutdown_both, ignored);
}

void Session::end_if_overdue(Clock::time_point now) {
    if (now < due_) return;
    boost::system::error_code ignored;  // as above
    socket_.shutdown(Socket::shutdown_both, ignored);
}

asio::awaitable<void> Session::run() {
    while (true) {
        const bool readable = co_await read_head();
        if (!readable) break;
        const bool go_on = co_await serve();
        if (!go_on) break;
    }
    phase_ = Phase::idle;
    if (!stopping_) co_await linger();
    boost::system::error_code ignored;
    socket_.close(ignored);
}

/// Closing on bytes that nobody read would take the reply away from a client that is still sending.
asio::awaitable<void> Session::linger() {
    boost::system::error_code error;
    socket_.shutdown(Socket::shutdown_send, error);
    watch(limits_.linger);
    std::uint64_t unread = 0;
    while (!error && unread <= limits_.unread_bytes_max) {
        // Read over what lies there already: it is of no use any more.
        const std::span<char> room = reader_.room();
        const auto result = co_await socket_.async_read_some(asio::buffer(room.data(), room.size()),
                                                             asio::as_tuple(asio::use_awaitable));
        error = std::get<0>(result);
        unread += std::get<1>(result);
    }
}

asio::awaitable<bool> Session::read_some() {
    const std::span<char> room = reader_.room();
    const auto result = co_await socket_.async_read_some(asio::buffer(room.data(), room.size()),
                                                         asio::as_tuple(asio::use_awaitable));
    reader_.arrived(std::get<1>(result));
    co_return !std::get<0>(result);
}

asio::awaitable<bool> Session::read_head() {
    reader_.begin(limits_.body_bytes_max);
    phase_ = reader_.idle() ? Phase::idle : Phase::header;
    watch(phase_ == Phase::idle ? limits_.idle : limits_.header);
    while (true) {
        const HttpStep step = reader_.step();
        if (step == HttpStep::head) break;
        if (step == HttpStep::failed) {
            Reply reply = unreadable(reader_);
            co_await send(reply, false, true);
            co_return false;
        }
        if (stopping_ && phase_ == Phase::idle) co_return false;
        const bool came = co_await read_some();
        if (!came) co_return false;
        if (phase_ == Phase::idle) watch(limits_.header);
        phase_ = Phase::header;
    }
    phase_ = Phase::answering;
    co_return true;
}

asio::awaitable<bool> Session::serve() {
    Request& request = reader_.request();
    request.caller = caller_;
    request.body = this;
    body_ended_ = false;
    expects_continue_ = request.field(Field::expect).starts_with("100-");
    watch_nothing();
    Reply reply = co_await answer(request);
    const bool keep_alive = request.keep_alive && !stopping_ && reader_.status() == 0;
    const bool sent = co_await send(reply, keep_alive, request.method != "HEAD");
    if (!sent) co_return false;
    const bool read = co_await read_rest();
    co_return read&& keep_alive && !stopping_;
}

asio::awaitable<Reply> Session::answer(Request& request) {
    std::string wrong;
    try {
        Reply reply = co_await answering_(request);
        co_return reply;
    } catch (const std::exception& error) {
        wrong = error.what();
    }
    log(Level::error, "request_failed",
        {{"method", request.method}, {"target", request.target}, {"error", wrong}});
    co_return to_reply(Problem("internal", "The daemon's log says more."));
}

asio::awaitable<bool> Session::send(Reply& reply, bool keep_alive, bool with_body) {
    watch(limits_.piece);
    std::string bytes = serialize(reply, keep_alive, with_body);
    bool sent = co_await write(std::move(bytes));
    if (sent && with_body && reply.stream)
        sent = co_await send_stream(*reply.stream, !reply.stream_bytes);
    watch_nothing();
    co_return sent;
}

asio::awaitable<bool> Session::send_stream(PieceSource& stream, bool chunked) {
    while (true) {
        watch_nothing();  // an event stream may be silent for long
        std::optional<std::string> piece = co_await stream.next();
        if (!piece) break;
        watch(limits_.piece);
        std::string bytes = chunked ? chunk(*piece) : std::move(*piece);
        const bool sent = co_await write(std::move(bytes));
        if (!sent) co_return false;
    }
    if (!chunked) co_return true;
    std::string end(last_chunk);
    const bool sent = co_await write(std::move(end));
    co_return sent;
}

asio::awaitable<bool> Session::write(std::string bytes) {
    boost::system::error_code error;
    const std::size_t written = socket_.write_some(asio::buffer(bytes), error);
    if (!error && written == bytes.size()) co_return true;
    if (error && error != asio::error::would_block) co_return false;
    const auto result = co_await asio::async_write(socket_, asio::buffer(bytes) + written,
                                                   asio::as_tuple(asio::use_awaitable));
    co_return !std::get<0>(result);
}

asio::awaitable<BodyPiece> Session::next() {
    while (!body_ended_) {
        const HttpStep step = reader_.step();
        if (step == HttpStep::piece) {
            BodyPiece piece(BodyState::piece);
            piece.bytes = reader_.take_piece();
            co_return piece;
        }
        if (step == HttpStep::complete) {
            body_ended_ = true;
            break;
        }
        if (step == HttpStep::failed) {
            co_return BodyPiece(reader_.status() == 413 ? BodyState::too_large : BodyState::broken);
        }
        if (std::exchange(expects_continue_, false)) {
            std::string go_on("HTTP/1.1 100 Continue\r\n\r\n");
            co_await write(std::move(go_on));
        }
        watch(limits_.piece);
        const bool came = co_await read_some();
        watch_nothing();
        if (!came) co_return BodyPiece(BodyState::broken);
    }
    co_return BodyPiece(BodyState::end);
}

/// A client that is still sending may not read the reply before it is done.
asio::awaitable<bool> Session::read_rest() {
    std::uint64_t unread = 0;
    if (expects_continue_) co_return false;
    while (unread <= limits_.unread_bytes_max) {
        const BodyPiece piece = co_await next();
        if (piece.state == BodyState::end) co_return true;
        if (piece.state != BodyState::piece) co_return false;
        unread += piece.bytes.size();
    }
    co_return false;
}

}  // namespace genspool::daemon
