#include "tests/bench/api_client.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/json/parse.hpp>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace genspool::bench {
namespace {

namespace json = boost::json;

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

std::uint64_t number_at(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

template <class Address>
workers::Descriptor connected(const Address& address) {
    const auto* const plain = reinterpret_cast<const sockaddr*>(&address);
    workers::Descriptor socket(::socket(plain->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket.open() || ::connect(socket.get(), plain, sizeof(address)) != 0) fail("connect");
    return socket;
}

}  // namespace

std::optional<WholeReply> whole_reply(std::string_view buffer) {
    constexpr std::string_view length = "\r\nContent-Length: ";
    const std::size_t end = buffer.find("\r\n\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    const std::size_t at = buffer.find(length);
    if (at == std::string_view::npos || at > end)
        throw std::runtime_error("a reply without its length");
    WholeReply reply;
    reply.status = static_cast<int>(number_at(buffer.substr(9, 3)));
    reply.body_at = end + 4;
    reply.bytes = reply.body_at + number_at(buffer.substr(at + length.size()));
    if (buffer.size() < reply.bytes) return std::nullopt;
    return reply;
}

workers::Descriptor connect_to(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof(address.sun_path)) throw std::runtime_error("too long: " + path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return connected(address);
}

workers::Descriptor connect_to(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connected(address);
}

std::string video_job(std::uint64_t number) {
    return R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":"a lighthouse )"
           R"(at dusk, the sea is calm, slow pan to the left, take )" +
           std::to_string(number) + R"(","duration":6,"resolution":"768P"}})";
}

std::string video_lines(std::uint64_t first, std::uint64_t count) {
    std::string lines;
    lines.reserve(count * 200);
    for (std::uint64_t number = first; number < first + count; ++number)
        lines += video_job(number) + "\n";
    return lines;
}

ApiClient::ApiClient(const std::string& socket) : socket_(connect_to(socket)) {}

ApiClient::ApiClient(std::uint16_t port) : socket_(connect_to(port)) {}

std::string ApiClient::get(const std::string& target) {
    return exchange("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n", {});
}

std::string ApiClient::post(const std::string& target, std::string_view content_type,
                            std::string_view body) {
    std::string head = "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: ";
    head.append(content_type).append("\r\nContent-Length: ");
    head += std::to_string(body.size()) + "\r\n\r\n";
    return exchange(head, body);
}

std::uint64_t ApiClient::jobs_in(std::string_view state) {
    const json::value stats = json::parse(get("/v1/stats"));
    return stats.at("states").at({state.data(), state.size()}).to_number<std::uint64_t>();
}

std::string ApiClient::exchange(std::string_view head, std::string_view body) {
    write(head);
    write(body);
    std::string buffer;
    std::array<char, 65'536> piece{};
    while (true) {
        const ssize_t got = ::read(socket_.get(), piece.data(), piece.size());
        if (got <= 0) throw std::runtime_error("the daemon closed the connection");
        buffer.append(piece.data(), static_cast<std::size_t>(got));
        const auto reply = whole_reply(buffer);
        if (!reply) continue;
        std::string answer = buffer.substr(reply->body_at);
        if (reply->status / 100 != 2) throw std::runtime_error("refused: " + answer);
        return answer;
    }
}

void ApiClient::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (written < 0) fail("send");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

}  // namespace genspool::bench
