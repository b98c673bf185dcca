#include <doctest/doctest.h>

#include <chrono>

#include "tests/daemon/running_server.hpp"

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
