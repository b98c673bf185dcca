#include "cli/http_client.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/optional.hpp>
#include <functional>

#include "cli/failure.hpp"
#include "cli/http_wire.hpp"

namespace genspool::cli {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

using Error = HttpWire::Error;

constexpr std::size_t piece_bytes = 64U << 10U;

/// One request and its reply on a connection of its own. Each step runs the loop until it is done.
class Exchange {
public:
    Exchange(const DaemonAddress& address, const HttpCall& call)
        : address_(address), call_(call), wire_(loop_, address) {}

    HttpOutcome run();

private:
    Error step(const std::function<void(HttpWire::Done)>& start) {
        return wire_.step(call_.silence, start);
    }
    Error send();
    Error send_pieces();
    Error receive();
    Error receive_body(http::response_parser<http::buffer_body>& parser);
    template <class Message>
    void fill(Message& message) const;
    std::string host_field() const;

    const DaemonAddress& address_;
    const HttpCall& call_;
    asio::io_context loop_;
    HttpWire wire_;
    beast::flat_buffer buffer_;
    HttpReply reply_;
    bool enough_ = false;  ///< the sink wants no more
};

HttpOutcome Exchange::run() {
    HttpOutcome outcome;
    if (const Error error = wire_.connect(call_.silence)) {
        outcome.trouble = HttpTrouble::not_connected;
        outcome.why = wire_.complaint().empty() ? error.message() : wire_.complaint();
        return outcome;
    }
    const Error unsent = send();
    // A daemon that refuses a long body answers before it has read all of it.
    const Error unread = receive();
    outcome.reply = std::move(reply_);
    if (unread && !enough_) {
        outcome.trouble = HttpTrouble::lost;
        outcome.why = (unsent ? unsent : unread).message();
    }
    return outcome;
}

std::string Exchange::host_field() const {
    if (address_.host.empty()) return "localhost";
    const bool v6 = address_.host.find(':') != std::string::npos;
    return (v6 ? "[" + address_.host + "]" : address_.host) + ":" + address_.port;
}

template <class Message>
void Exchange::fill(Message& message) const {
    message.method_string(call_.method);
    message.target(call_.target);
    message.version(11);
    message.set(http::field::host, host_field());
    message.set(http::field::user_agent, "genspool");
    message.set(http::field::connection, "close");
    if (!address_.token.empty())
        message.set(http::field::authorization, "Bearer " + address_.token);
    if (!call_.content_type.empty()) message.set(http::field::content_type, call_.content_type);
    for (const auto& [name, value] : call_.headers)
        message.set(name, value);
}

Error Exchange::send() {
    if (call_.source) return send_pieces();
    http::request<http::string_body> request;
    fill(request);
    request.body() = call_.body;
    if (call_.method != "GET") request.prepare_payload();
    return step([&](auto done) { http::async_write(wire_, request, done); });
}

Error Exchange::send_pieces() {
    http::request<http::empty_body> head;
    fill(head);
    head.chunked(true);
    http::request_serializer<http::empty_body> serializer(head);
    Error error = step([&](auto done) { http::async_write_header(wire_, serializer, done); });
    std::array<char, piece_bytes> piece{};
    while (!error) {
        const std::size_t size = call_.source(piece.data(), piece.size());
        if (size == 0) break;
        const auto chunk = http::make_chunk(asio::const_buffer(piece.data(), size));
        error = step([&](auto done) { asio::async_write(wire_, chunk, done); });
    }
    if (error) return error;
    const auto last = http::make_chunk_last();
    return step([&](auto done) { asio::async_write(wire_, last, done); });
}

Error Exchange::receive() {
    http::response_parser<http::buffer_body> parser;
    parser.header_limit(64U << 10U);
    parser.body_limit(boost::none);
    const Error error =
        step([&](auto done) { http::async_read_header(wire_, buffer_, parser, done); });
    if (error) return error;
    reply_.status = static_cast<int>(parser.get().result_int());
    return receive_body(parser);
}

Error Exchange::receive_body(http::response_parser<http::buffer_body>& parser) {
    const bool streamed = call_.sink && reply_.status < 300;
    std::array<char, piece_bytes> piece{};
    while (!parser.is_done()) {
        parser.get().body().data = piece.data();
        parser.get().body().size = piece.size();
        const Error error =
            step([&](auto done) { http::async_read_some(wire_, buffer_, parser, done); });
        if (error && error != http::error::need_buffer) return error;
        const std::string_view bytes(piece.data(), piece.size() - parser.get().body().size);
        if (!streamed) {
            reply_.body += bytes;
        } else if (!bytes.empty() && !call_.sink(bytes)) {
            enough_ = true;
            return asio::error::make_error_code(asio::error::operation_aborted);
        }
    }
    return {};
}

/// What would end a line of the request's head, and begin one that nobody meant.
void refuse_breaks(std::string_view name, std::string_view value) {
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
        throw CommandFailed(Exit::usage, std::string(name) + " has a line break or a NUL in it");
}

}  // namespace

HttpOutcome HttpClient::call(const HttpCall& call) const {
    refuse_breaks("the token", address_.token);
    refuse_breaks("the path of the request", call.target);
    for (const auto& [name, value] : call.headers)
        refuse_breaks(name, value);
    Exchange exchange(address_, call);
    return exchange.run();
}

}  // namespace genspool::cli
