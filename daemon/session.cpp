#include "daemon/session.hpp"

#include <boost/asio/error.hpp>
#include <exception>
#include <utility>

#include "daemon/dashboard.hpp"
#include "daemon/gateway/dialect.hpp"
#include "daemon/guard.hpp"
#include "daemon/host_check.hpp"
#include "daemon/log.hpp"
#include "daemon/origin_check.hpp"
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

Reply too_many_connections() {
    return to_reply(Problem("busy", "There are too many connections already."));
}

Session::Session(Connection::Socket socket, const Door& door, Caller caller, SessionLimits limits,
                 SessionHost& host, const Answering& answering)
    : connection_(std::move(socket), door.tls),
      guard_(door.guard),
      hosts_(door.hosts),
      caller_(std::move(caller)),
      limits_(limits),
      host_(host),
      answering_(answering),
      reader_(limits.header_bytes_max),
      let_in_(door.guard == nullptr) {}

Session::~Session() {
    holds(0);
}

void Session::watch(std::chrono::seconds most) {
    due_ = Clock::now() + most;
}

void Session::watch_nothing() {
    due_ = Clock::time_point::max();
}

void Session::stop() {
    stopping_ = true;
    if (phase_ != Phase::answering) connection_.shut_down();
}

void Session::cut() {
    stopping_ = true;
    connection_.shut_down();
}

void Session::end_if_overdue(Clock::time_point now) {
    if (now >= due_) connection_.shut_down();
}

void Session::end_if_unknown() {
    if (guard_ == nullptr || phase_ != Phase::answering || !let_in_) return;
    if (!guard_->knows(reader_.request())) cut();
}

void Session::let_go() {
    no_room_ = true;
    if (sending_) {
        cut();
    } else {
        connection_.interrupt();
    }
}

Seat Session::seat() const {
    Seat seat;
    seat.principal = caller_.principal;
    seat.answering = phase_ == Phase::answering;
    seat.leaving = stopping_ || no_room_;
    seat.held_bytes = held_bytes_;
    seat.heard_at = heard_at_;
    return seat;
}

void Session::holds(std::uint64_t bytes) {
    const std::uint64_t before = std::exchange(held_bytes_, bytes);
    if (bytes > before) host_.holds_more(bytes - before);
    if (bytes < before) host_.holds_less(before - bytes);
}

asio::awaitable<void> Session::run() {
    bool go_on = co_await greet();
    while (go_on) {
        go_on = co_await read_head();
        if (go_on) go_on = co_await serve();
    }
    phase_ = Phase::idle;
    if (!stopping_) co_await linger();
    connection_.close();
}

asio::awaitable<bool> Session::greet() {
    phase_ = Phase::header;
    watch(limits_.header);
    const Greeting greeting = co_await connection_.greet();
    if (greeting == Greeting::plain_http) {
        const Reply reply =
            to_reply(Problem("tls_needed", "Only TLS is spoken here: say https://."));
        connection_.write_plain(serialize(reply, false, true));
    }
    co_return greeting == Greeting::done && !stopping_;
}

/// Closing on bytes that nobody read would take the reply away from a client that is still sending.
asio::awaitable<void> Session::linger() {
    watch(limits_.linger);
    bool there = co_await connection_.say_goodbye();
    std::uint64_t unread = 0;
    while (there && unread <= limits_.unread_bytes_max) {
        // Read over what lies there already: it is of no use any more.
        const auto result = co_await connection_.read_unwanted(reader_.room());
        there = !std::get<0>(result);
        unread += std::get<1>(result);
    }
}

asio::awaitable<bool> Session::read_some() {
    const auto result = co_await connection_.read_some(reader_.room());
    heard_at_ = Clock::now();
    reader_.arrived(std::get<1>(result));
    co_return !std::get<0>(result);
}

asio::awaitable<bool> Session::read_head() {
    reader_.begin(limits_.body_bytes_max);
    phase_ = reader_.idle() ? Phase::idle : Phase::header;
    // Nobody sits here idly who has not shown a token yet.
    watch(phase_ == Phase::idle && let_in_ ? limits_.idle : limits_.header);
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
    if (auto refusal = stop_at_door(request)) {
        co_await send(*refusal, false, request.method != "HEAD");
        co_return false;
    }
    Reply reply = co_await answer(request);
    const bool keep_alive = request.keep_alive && !stopping_ && !no_room_ && reader_.status() == 0;
    const bool sent = co_await send(reply, keep_alive, request.method != "HEAD");
    if (!sent) co_return false;
    const bool read = co_await read_rest();
    co_return read&& keep_alive && !stopping_;
}

/// What to answer to a page that is not let in where no token is asked for. A socket that somebody
/// has put behind a port is one that pages reach: those of others, and those whose name was made to
/// point at it, which take themselves for its own.
std::optional<Reply> Session::stop_page(const Request& request) const {
    const FromPage from = from_page(request);
    if (from == FromPage::unsaid || dashboard::holds(request)) return std::nullopt;
    if (from == FromPage::elsewhere) return cross_origin();
    if (hosts_ != nullptr && !hosts_->allows(request.field(Field::host))) return wrong_host();
    return std::nullopt;
}

/// What to answer to a request that is not let in. Its body is nothing to us.
std::optional<Reply> Session::stop_at_door(Request& request) {
    if (guard_ == nullptr) return stop_page(request);
    auto refusal = guard_->stop(request);
    if (refusal) return refusal;
    const bool known = caller_.principal == request.caller.principal;
    caller_ = request.caller;
    if (!known && !host_.has_room_for(*this)) return too_many_connections();
    let_in_ = true;
    return std::nullopt;
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
    co_return gateway::told(Problem("internal", "The daemon's log says more."), request.target);
}

asio::awaitable<bool> Session::send(Reply& reply, bool keep_alive, bool with_body) {
    watch(limits_.piece);
    std::string bytes = serialize(reply, keep_alive, with_body);
    reply.body = std::string();
    bool sent = co_await write(std::move(bytes));
    if (sent && with_body && reply.stream)
        sent = co_await send_stream(*reply.stream, !reply.stream_bytes);
    watch_nothing();
    holds(0);
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
    if (chunked) {
        watch(limits_.piece);
        const bool sent = co_await write(std::string(last_chunk));
        if (!sent) co_return false;
    }
    watch_nothing();
    co_await stream.sent();
    co_return true;
}

asio::awaitable<bool> Session::write(std::string bytes) {
    boost::system::error_code error;
    const std::size_t written = connection_.write_now(bytes, error);
    heard_at_ = Clock::now();
    if (!error && written == bytes.size()) co_return true;
    if (error && error != asio::error::would_block) co_return false;
    sending_ = true;
    holds(bytes.size());
    const auto result = co_await connection_.write(std::string_view(bytes).substr(written));
    sending_ = false;
    holds(0);
    heard_at_ = Clock::now();
    co_return !std::get<0>(result);
}

asio::awaitable<BodyPiece> Session::next() {
    while (!body_ended_) {
        if (no_room_) co_return BodyPiece(BodyState::no_room);
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
        if (no_room_) continue;
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
