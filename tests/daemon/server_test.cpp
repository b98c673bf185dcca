#include "daemon/server.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "tests/daemon/api_client.hpp"
#include "tests/support/temporary_directory.hpp"
#include "workers/real_clock.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

namespace asio = boost::asio;

/// A file that is cut short while it is read.
class BrokenStream : public daemon::PieceSource {
public:
    asio::awaitable<std::optional<std::string>> next() override {
        if (given_) throw std::runtime_error("shorter than it was");
        given_ = true;
        std::optional<std::string> piece("half");
        co_return piece;
    }

private:
    bool given_ = false;
};

/// /broken: a body that fails in the middle. Else reads the body to its end.
asio::awaitable<daemon::Reply> answer(daemon::Request& request) {
    daemon::Reply reply(200, "{}");
    if (request.target == "/broken") {
        reply.stream = std::make_unique<BrokenStream>();
        reply.stream_bytes = 8;
        co_return reply;
    }
    while (true) {
        const daemon::BodyPiece piece = co_await request.body->next();
        if (piece.state != daemon::BodyState::piece) break;
    }
    co_return reply;
}

/// A server on a thread of its own.
class RunningServer {
public:
    explicit RunningServer(daemon::ServerOptions options)
        : path_(directory_.path("api.sock")),
          clock_(io_.get_executor()),
          listener_(io_.get_executor(), path_),
          server_(io_.get_executor(), clock_, listener_, options, answer) {
        server_.start();
        thread_ = std::thread([this] { io_.run(); });
    }
    ~RunningServer() { thread_.join(); }

    ApiClient client() const { return ApiClient(path_); }
    std::future<void> stop() { return asio::co_spawn(io_, server_.stop(), asio::use_future); }
    void cut_short() {
        asio::post(io_, [this] { server_.cut_short(); });
    }

private:
    TemporaryDirectory directory_;
    std::string path_;
    asio::io_context io_{1};
    workers::RealClock clock_;
    daemon::Listener listener_;
    daemon::Server server_;
    std::thread thread_;
};

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
