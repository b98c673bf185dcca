#include <doctest/doctest.h>

#include "tests/daemon/running_server.hpp"
#include "tests/daemon/token_file.hpp"
#include "tests/support/throwaway_certificates.hpp"

using namespace genspool;
using namespace genspool::tests;
using std::chrono::hours;
using std::chrono::seconds;

// Each of these waits for the sweep that looks once a second; the bound in question is 0, all
// others are hours, so that nothing but it can end the connection.

namespace {

daemon::ServerOptions patient() {
    daemon::ServerOptions options;
    options.session.idle = hours{1};
    options.session.header = hours{1};
    options.session.piece = hours{1};
    options.session.linger = hours{1};
    return options;
}

/// The numbers of the events that came whole, in order. Chunks of the body are not told apart from
/// it: no line of an event begins as a chunk does.
std::vector<std::uint64_t> event_numbers(const std::string& stream) {
    std::vector<std::uint64_t> numbers;
    const std::string mark = "id: ";
    for (std::size_t at = stream.find(mark); at != std::string::npos;
         at = stream.find(mark, at + 1)) {
        if (stream.find("}\n\n", at) == std::string::npos) break;
        numbers.push_back(std::stoull(stream.substr(at + mark.size(), 20)));
    }
    return numbers;
}

/// Waits until the other end closes, and says how many bytes came before.
std::size_t read_to_end(ApiClient& client) {
    std::size_t bytes = 0;
    for (std::string some = client.read_some(); !some.empty(); some = client.read_some())
        bytes += some.size();
    return bytes;
}

}  // namespace

TEST_CASE("a connection that asks nothing is ended") {
    daemon::ServerOptions options = patient();
    options.session.idle = seconds{0};
    RunningServer server(options);
    auto client = server.client();
    CHECK(read_to_end(client) == 0);
    server.stop().get();
}

TEST_CASE("a header that does not come to its end ends the connection, however it trickles") {
    daemon::ServerOptions options = patient();
    options.session.header = seconds{0};
    RunningServer server(options);
    auto client = server.client();
    client.send_raw("GET / HTTP/1.1\r\nX-Slow: ");
    CHECK(read_to_end(client) == 0);
    server.stop().get();
}

TEST_CASE("a body that stops coming ends the connection") {
    daemon::ServerOptions options = patient();
    options.session.piece = seconds{0};
    options.session.linger = seconds{0};
    RunningServer server(options);
    auto client = server.client();
    client.send_raw("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
    read_to_end(client);
    server.stop().get();
    CHECK(server.bodies_broken() == 1);
}

TEST_CASE("a client that does not read what it asked for is cut off, and holds one piece of it") {
    daemon::ServerOptions options = patient();
    options.session.piece = seconds{0};
    options.session.linger = seconds{0};
    RunningServer server(options);
    auto client = server.client();
    client.send_raw("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
    server.await_cut_off();
    CHECK(read_to_end(client) < (16U << 20U));
    CHECK(server.pieces_made() < 64);
    server.stop().get();
}

TEST_CASE("a reader of events that is too slow is dropped, and misses nothing by its cursor") {
    daemon::ServerOptions options = patient();
    options.session.piece = seconds{0};
    options.session.linger = seconds{0};
    RunningServer server(options);
    std::uint64_t last = 0;
    while (last < RunningServer::events_there_are) {
        auto client = server.client();
        client.send_raw("GET /events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: " +
                        std::to_string(last) + "\r\n\r\n");
        if (last == 0) server.await_cut_off();
        std::string text;
        while (event_numbers(text).size() < RunningServer::events_there_are - last) {
            const std::string some = client.read_some();
            if (some.empty()) break;
            text += some;
        }
        const auto numbers = event_numbers(text);
        REQUIRE_FALSE(numbers.empty());
        for (const std::uint64_t number : numbers)
            REQUIRE(number == ++last);
        if (numbers.size() == last) CHECK(last < RunningServer::events_there_are);
    }
    CHECK(server.pieces_made() < 64);
    server.stop().get();
}

TEST_CASE("whoever has shown no token yet is not waited for as long as an old friend") {
    daemon::ServerOptions options = patient();
    options.session.header = seconds{0};
    RunningServer server(options, /*tcp=*/true);
    auto silent = server.tcp_client();
    CHECK(read_to_end(silent) == 0);
    server.stop().get();
}

TEST_CASE("a TLS greeting that does not come ends the connection") {
    const ThrowawayCertificates certificates("localhost");
    daemon::ServerOptions options = patient();
    options.session.header = seconds{0};
    options.session.linger = seconds{0};
    RunningServer server(options, true, &certificates);
    auto silent = server.tcp_client();
    CHECK(read_to_end(silent) == 0);
    server.stop().get();
}
