#include "tests/simulator/connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "tests/simulator/callback_sender.hpp"
#include "tests/simulator/wire.hpp"

namespace genspool::simulator {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::uint64_t body_bytes_max = 64U << 20U;
constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);

std::string text(boost::beast::string_view view) {
    return std::string(view.data(), view.size());
}

}  // namespace

Connection::Connection(Server& server, asio::ip::tcp::socket socket)
    : server_(server), socket_(std::move(socket)), timer_(socket_.get_executor()) {
    boost::system::error_code ignored;  // a connection that is gone already shows at its first read
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    server_.connections_.insert(this);
}

Connection::~Connection() {
    server_.connections_.erase(this);
}

void Connection::abort() {
    boost::system::error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
}

asio::awaitable<void> Connection::run() {
    bool keep = true;
    while (keep && !server_.stopping_) {
        Parser parser;
        parser.body_limit(body_bytes_max);
        const auto [ec, bytes] = co_await http::async_read(socket_, buffer_, parser, use_tuple);
        if (ec) co_return;  // the client has closed, or sends no HTTP
        keep = parser.get().keep_alive();
        const auto request = take_request(parser);
        reply_ = server_.model_.handle(request, server_.clock_.now());
        if (reply_.session) {
            co_await converse(parser);
            co_return;
        }
        keep = co_await send_with_callbacks(keep);
    }
}

asio::awaitable<bool> Connection::send_with_callbacks(bool keep) {
    if (reply_.callbacks.url.empty()) {
        keep = co_await send(keep);
        co_return keep;
    }
    const bool early = reply_.callbacks.early;
    const auto sender =
        std::make_shared<CallbackSender>(socket_.get_executor(), std::move(reply_.callbacks));
    server_.senders_.insert(sender);
    if (early) co_await sender->begin();
    keep = co_await send(keep);
    server_.spawn("callbacks", server_.call_back(sender));
    co_return keep;
}

ModelRequest Connection::take_request(Parser& parser) const {
    auto& message = parser.get();
    ModelRequest request;
    request.method = text(message.method_string());
    request.target = text(message.target());
    request.host = text(message[http::field::host]);
    request.authorization = text(message[http::field::authorization]);
    request.content_type = text(message[http::field::content_type]);
    request.range = text(message[http::field::range]);
    request.if_range = text(message[http::field::if_range]);
    request.body = std::move(message.body());
    request.upgrade = boost::beast::websocket::is_upgrade(message);
    return request;
}

asio::awaitable<bool> Connection::send(bool keep) {
    if (reply_.delay.count() > 0) {
        const bool waited = co_await sleep(reply_.delay);
        if (!waited) co_return false;
    }
    const auto kind = reply_.fate.kind;
    if (kind == FateKind::reset) {
        reset();
        co_return false;
    }
    // One write for the head and as much of the body as goes at once.
    const std::uint64_t size = reply_.body.size();
    std::uint64_t at_once = size;
    if (kind == FateKind::trickle) at_once = 0;
    if (kind == FateKind::cut || kind == FateKind::stall) {
        at_once = std::min(reply_.fate.at_byte, size);
    }
    const auto head = write_head(reply_, keep);
    const std::array<asio::const_buffer, 2> pieces{asio::buffer(head),
                                                   asio::buffer(reply_.body.data(), at_once)};
    const auto [ec, written] = co_await asio::async_write(socket_, pieces, use_tuple);
    if (ec) co_return false;
    if (kind == FateKind::answer) co_return keep;
    if (kind == FateKind::trickle) {
        const bool sent = co_await send_slowly();
        co_return sent&& keep;
    }
    signal_cut();
    if (kind == FateKind::cut) co_return false;
    const bool held = co_await sleep(server_.options_.hold);
    if (!held) co_return false;
    const bool sent = co_await send_body(at_once, size);
    co_return sent&& keep;
}

asio::awaitable<bool> Connection::send_body(std::uint64_t from, std::uint64_t to) {
    const auto piece = asio::buffer(reply_.body.data() + from, to - from);
    const auto [ec, written] = co_await asio::async_write(socket_, piece, use_tuple);
    co_return !ec;
}

asio::awaitable<bool> Connection::send_slowly() {
    constexpr std::int64_t pieces = 20;
    const std::uint64_t size = reply_.body.size();
    const Duration over = reply_.fate.over;
    for (std::uint64_t i = 0; i < pieces; ++i) {
        const auto n = static_cast<std::int64_t>(i);
        const bool waited = co_await sleep(over * (n + 1) / pieces - over * n / pieces);
        if (!waited) co_return false;
        const bool sent = co_await send_body(size * i / pieces, size * (i + 1) / pieces);
        if (!sent) co_return false;
    }
    co_return true;
}

asio::awaitable<bool> Connection::sleep(Duration span) {
    timer_.expires_after(span);
    const auto result = co_await timer_.async_wait(use_tuple);
    co_return !std::get<0>(result) && !server_.stopping_;
}

/// Tells a test that waits for it that part of a paid reply is on its way.
void Connection::signal_cut() {
    if (reply_.request_sha256.empty()) return;
    boost::json::object line;
    line.emplace("sha256", reply_.request_sha256);
    line.emplace("sent", reply_.fate.at_byte);
    server_.cut_signal_.append(boost::json::serialize(line));
}

/// With no time to linger, closing sends RST in place of FIN.
void Connection::reset() {
    boost::system::error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
}

asio::awaitable<void> serve_connection(std::unique_ptr<Connection> connection) {
    co_await connection->run();
}

}  // namespace genspool::simulator
