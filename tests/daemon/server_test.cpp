#include <doctest/doctest.h>

#include <chrono>
#include <deque>
#include <string>
#include <vector>

#include "tests/daemon/running_server.hpp"
#include "tests/support/throwaway_certificates.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

/// Begins to send a body that has no end, and sees that it is being read.
void begin_upload(ApiClient& client) {
    client.send_raw(
        "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n");
    client.read_until("100 Continue\r\n\r\n");
}

}  // namespace

TEST_CASE("a body that fails in the middle ends the connection and leaves nothing behind") {
    daemon::ServerOptions options;
    options.connections_max = 1;
    RunningServer server(options);
    for (int i = 0; i < 3; ++i) {
        auto client = server.client();
        client.send_raw("GET /broken HTTP/1.1\r\nHost: x\r\n\r\n");
        client.read_until("half");
        CHECK(client.read_some().empty());
    }
    {
        auto client = server.client();
        CHECK(client.get("/").status == 200);
    }
    server.stop().get();
}

TEST_CASE("a stop does not wait for ever for a client that goes on sending") {
    daemon::ServerOptions options;
    options.stop_patience = std::chrono::milliseconds{1};
    RunningServer server(options);
    auto client = server.client();
    begin_upload(client);

    server.stop().get();

    CHECK(client.read_some().empty());
}

TEST_CASE("a stop in haste does not wait for clients at all") {
    daemon::ServerOptions options;
    options.stop_patience = std::chrono::hours{24};
    RunningServer server(options);
    auto client = server.client();
    begin_upload(client);

    auto stopped = server.stop();
    server.cut_short();
    stopped.get();

    CHECK(client.read_some().empty());
}

TEST_CASE("where all connections are taken, one that asks nothing makes room for a new one") {
    daemon::ServerOptions options;
    options.connections_max = 3;
    RunningServer server(options);
    auto oldest = server.client();
    CHECK(oldest.get("/").status == 200);
    auto second = server.client();
    CHECK(second.get("/").status == 200);
    auto third = server.client();
    third.send_raw("GET / HTTP/1.1\r\nX-Slow: ");
    CHECK(second.get("/").status == 200);

    auto fourth = server.client();
    CHECK(fourth.get("/").status == 200);
    CHECK(oldest.read_some().empty());
    auto fifth = server.client();
    CHECK(fifth.get("/").status == 200);
    CHECK(third.read_some().empty());
    CHECK(fourth.get("/").status == 200);
    CHECK(fifth.get("/").status == 200);
    server.stop().get();
}

TEST_CASE("where every connection is at work, the next client is told so, and to come again") {
    daemon::ServerOptions options;
    options.connections_max = 2;
    RunningServer server(options);
    auto first = server.client();
    begin_upload(first);
    auto second = server.client();
    begin_upload(second);

    auto third = server.client();
    const ApiReply reply = third.read_reply();
    CHECK(reply.status == 503);
    CHECK(reply.at("code") == "busy");
    CHECK(reply.headers.at("retry-after") == "1");
    CHECK(reply.headers.at("connection") == "close");

    first.send_raw(std::string(100, 'x'));
    CHECK(first.read_reply().status == 200);
    auto fourth = server.client();
    CHECK(fourth.get("/").status == 200);
    second.close();
    server.stop().get();
}

TEST_CASE("ten thousand connections that ask nothing keep nobody out") {
    daemon::ServerOptions options;
    options.connections_max = 8;
    RunningServer server(options);
    std::deque<ApiClient> idle;
    for (int n = 0; n < 10'000; ++n) {
        idle.push_back(server.client());
        if (n % 1'000 == 999) {
            auto client = server.client();
            CHECK(client.get("/").status == 200);
        }
        // Their own descriptors are as bounded as the daemon's.
        if (idle.size() > 50) idle.pop_front();
    }
    auto client = server.client();
    CHECK(client.get("/").status == 200);
    CHECK(idle.front().read_some().empty());
    server.stop().get();
}

TEST_CASE("where clients hold too much together, the most silent upload is refused") {
    daemon::ServerOptions options;
    options.held_bytes_max = 300'000;
    options.small_bytes = 1'000;
    RunningServer server(options);
    std::vector<ApiClient> clients;
    for (int n = 0; n < 3; ++n) {
        clients.push_back(server.client());
        clients.back().send_raw("POST /keep HTTP/1.1\r\nHost: x\r\nContent-Length: 160000\r\n\r\n");
    }
    auto small = server.client();
    small.send_raw("POST /keep HTTP/1.1\r\nHost: x\r\nContent-Length: 200\r\n\r\n" +
                   std::string(100, 'x'));
    server.await_kept(100);
    std::uint64_t kept = 100;
    for (ApiClient& client : clients) {
        client.send_raw(std::string(90'000, 'x'));
        kept += 90'000;
        server.await_kept(kept);
    }

    clients[2].send_raw(std::string(70'000, 'x'));
    CHECK(clients[2].read_reply().status == 200);
    const ApiReply refused = clients[0].read_reply();
    CHECK(refused.status == 503);
    CHECK(refused.at("code") == "busy");
    CHECK(refused.headers.at("retry-after") == "1");
    clients[1].send_raw(std::string(70'000, 'x'));
    CHECK(clients[1].read_reply().status == 200);
    small.send_raw(std::string(100, 'x'));
    CHECK(small.read_reply().status == 200);
    server.stop().get();
}

TEST_CASE("where too much waits for clients that do not read, the most silent is cut off") {
    daemon::ServerOptions options;
    options.held_bytes_max = 3 * (256U << 10U);
    RunningServer server(options);
    std::vector<ApiClient> slow;
    for (int n = 0; n < 5; ++n) {
        slow.push_back(server.client());
        slow.back().send_raw("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    server.await_cut_off(2);

    auto client = server.client();
    CHECK(client.get("/").status == 200);
    for (ApiClient& each : slow)
        each.close();
    server.stop().get();
}

TEST_CASE("who speaks plain HTTP where TLS is spoken is told so, and nothing else") {
    const ThrowawayCertificates certificates("localhost");
    RunningServer server({}, true, &certificates);
    auto client = server.tcp_client();
    const ApiReply reply = client.get("/");
    CHECK(reply.status == 400);
    CHECK(reply.at("code") == "tls_needed");
    CHECK(reply.at("detail").find("https://") != std::string::npos);
    CHECK(client.read_some().empty());
    auto nonsense = server.tcp_client();
    server.stop().get();
}
