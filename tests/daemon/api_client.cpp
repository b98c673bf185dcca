#include "tests/daemon/api_client.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

namespace genspool::tests {

namespace asio = boost::asio;
namespace http = boost::beast::http;

boost::json::value ApiReply::json() const {
    return boost::json::parse(body);
}

std::string ApiReply::at(std::string_view member) const {
    const auto value = json();
    const auto* const found = value.as_object().if_contains(member);
    if (found == nullptr || found->is_null()) return {};
    return found->is_string() ? std::string(found->as_string()) : boost::json::serialize(*found);
}

ApiClient::ApiClient() : socket_(*io_) {}

ApiClient::ApiClient(const std::string& socket) : ApiClient() {
    socket_.connect(asio::local::stream_protocol::endpoint(socket));
}

ApiClient::ApiClient(std::uint16_t port, std::string token) : ApiClient() {
    socket_.connect(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port));
    host_ = "127.0.0.1:" + std::to_string(port);
    token_ = std::move(token);
}

ApiClient ApiClient::on_descriptor(int connected) {
    ApiClient client;
    client.socket_.assign(asio::local::stream_protocol(), connected);
    return client;
}

ApiReply ApiClient::get(const std::string& target, const Headers& headers) {
    return call("GET", target, "", headers);
}

ApiReply ApiClient::post(const std::string& target, const std::string& body,
                         const Headers& headers) {
    return call("POST", target, body, headers);
}

ApiReply ApiClient::call(const std::string& method, const std::string& target,
                         const std::string& body, const Headers& headers) {
    std::string request = method + " " + target + " HTTP/1.1\r\nHost: " + host_ + "\r\n";
    if (!token_.empty()) request += "Authorization: Bearer " + token_ + "\r\n";
    bool typed = body.empty();
    for (const auto& [name, value] : headers) {
        request += name + ": " + value + "\r\n";
        typed = typed || name == "Content-Type";
    }
    if (!typed) request += "Content-Type: application/json\r\n";
    if (!body.empty() || method != "GET")
        request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send_raw(request + "\r\n" + body);
    return read_reply();
}

void ApiClient::send_raw(std::string_view bytes) {
    asio::write(socket_, asio::buffer(bytes.data(), bytes.size()));
}

ApiReply ApiClient::read_reply() {
    boost::beast::flat_buffer buffer;
    buffer.commit(asio::buffer_copy(buffer.prepare(left_.size()), asio::buffer(left_)));
    http::response_parser<http::string_body> parser;
    parser.body_limit(boost::none);
    http::read(socket_, buffer, parser);
    left_ = boost::beast::buffers_to_string(buffer.data());
    ApiReply reply;
    reply.status = static_cast<int>(parser.get().result_int());
    for (const auto& field : parser.get()) {
        std::string name(field.name_string());
        for (char& c : name)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        reply.headers[name] = std::string(field.value());
    }
    reply.body = parser.get().body();
    return reply;
}

std::string ApiClient::read_some() {
    std::array<char, 4096> bytes{};
    boost::system::error_code error;
    const std::size_t count = socket_.read_some(asio::buffer(bytes), error);
    return {bytes.data(), count};
}

std::string ApiClient::read_until(std::string_view mark) {
    while (left_.find(mark) == std::string::npos) {
        const std::string more = read_some();
        if (more.empty()) throw std::runtime_error("the connection ended before " + left_);
        left_ += more;
    }
    return std::exchange(left_, {});
}

void ApiClient::close() {
    socket_.close();
}

}  // namespace genspool::tests
