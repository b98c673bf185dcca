#include "cli/http_client.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/optional.hpp>
#include <optional>

#include "cli/http_tls.hpp"

namespace genspool::cli {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

using Protocol = asio::generic::stream_protocol;
using Error = boost::system::error_code;

constexpr std::size_t piece_bytes = 64U << 10U;
constexpr std::size_t socket_path_bytes_max = 107;

/// One request and its reply on a connection of its own. Each step runs the loop until it is done:
/// so a step can time out, which blocking calls of the library cannot.
class Exchange {
public:
    Exchange(const DaemonAddress& address, const HttpCall& call)
        : address_(address), call_(call), stream_(loop_) {}

    HttpOutcome run();

private:
    template <class Start>
    Error step(Start start);
    template <class Start>
    Error transfer(Start start);
    Error connect();
    Error connect_tcp();
    Error secure();
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
    beast::basic_stream<Protocol> stream_;
    std::optional<ClientTls> tls_;
    std::string complaint_;  ///< what TLS has against the daemon
    beast::flat_buffer buffer_;
    HttpReply reply_;
    bool enough_ = false;  ///< the sink wants no more
};

template <class Start>
Error Exchange::step(Start start) {
    Error result;
    if (call_.silence.count() > 0) {
        stream_.expires_after(call_.silence);
    } else {
        stream_.expires_never();
    }
    start([&result](Error error, auto&&...) { result = error; });
    loop_.restart();
    loop_.run();
    return result;
}

/// A step on the stream that carries the requests.
template <class Start>
Error Exchange::transfer(Start start) {
    if (tls_) return step([&](auto done) { start(tls_->stream(), done); });
    return step([&](auto done) { start(stream_, done); });
}

HttpOutcome Exchange::run() {
    HttpOutcome outcome;
    Error error = connect();
    if (!error && address_.tls) error = secure();
    if (error) {
        outcome.trouble = HttpTrouble::not_connected;
        outcome.why = complaint_.empty() ? error.message() : complaint_;
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

Error Exchange::connect() {
    if (address_.socket_path.empty()) return connect_tcp();
    if (address_.socket_path.size() > socket_path_bytes_max)
        return asio::error::make_error_code(asio::error::name_too_long);
    const Protocol::endpoint endpoint(asio::local::stream_protocol::endpoint(address_.socket_path));
    return step([&](auto done) { stream_.async_connect(endpoint, done); });
}

Error Exchange::connect_tcp() {
    Error error;
    asio::ip::tcp::resolver resolver(loop_);
    const auto found = resolver.resolve(address_.host, address_.port, error);
    if (error) return error;
    for (const auto& each : found) {
        const Protocol::endpoint endpoint(each.endpoint());
        error = step([&](auto done) { stream_.async_connect(endpoint, done); });
        if (!error) return error;
        stream_.close();
    }
    return error;
}

Error Exchange::secure() {
    Error error;
    tls_.emplace(stream_, address_, error);
    if (error) {
        complaint_ = address_.ca_file + ": " + error.message();
        return error;
    }
    error = step([&](auto done) { tls_->async_greet(done); });
    if (error) complaint_ = tls_->complaint(error);
    return error;
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
    return transfer([&](auto& stream, auto done) { http::async_write(stream, request, done); });
}

Error Exchange::send_pieces() {
    http::request<http::empty_body> head;
    fill(head);
    head.chunked(true);
    http::request_serializer<http::empty_body> serializer(head);
    Error error = transfer(
        [&](auto& stream, auto done) { http::async_write_header(stream, serializer, done); });
    std::array<char, piece_bytes> piece{};
    while (!error) {
        const std::size_t size = call_.source(piece.data(), piece.size());
        if (size == 0) break;
        const auto chunk = http::make_chunk(asio::const_buffer(piece.data(), size));
        error = transfer([&](auto& stream, auto done) { asio::async_write(stream, chunk, done); });
    }
    if (error) return error;
    const auto last = http::make_chunk_last();
    return transfer([&](auto& stream, auto done) { asio::async_write(stream, last, done); });
}

Error Exchange::receive() {
    http::response_parser<http::buffer_body> parser;
    parser.header_limit(64U << 10U);
    parser.body_limit(boost::none);
    const Error error = transfer(
        [&](auto& stream, auto done) { http::async_read_header(stream, buffer_, parser, done); });
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
        const Error error = transfer(
            [&](auto& stream, auto done) { http::async_read_some(stream, buffer_, parser, done); });
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

}  // namespace

HttpOutcome HttpClient::call(const HttpCall& call) const {
    Exchange exchange(address_, call);
    return exchange.run();
}

}  // namespace genspool::cli
