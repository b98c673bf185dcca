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
    read_to_end(silent);
    auto plain = server.tcp_client();
    plain.send_raw("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    std::string said = plain.read_some();
    CHECK(said.find("HTTP") == std::string::npos);
    server.stop().get();
}
