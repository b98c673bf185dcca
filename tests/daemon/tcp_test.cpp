#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <stdexcept>
#include <vector>

#include "daemon/tcp_listener.hpp"
#include "tests/daemon/running_daemon.hpp"
#include "tests/daemon/token_file.hpp"
#include "tests/support/sim_clock.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

/// A daemon that listens on loopback, with the tokens alice, bob and, an admin, boss.
struct World {
    explicit World(std::uint32_t connections_max = 100)
        : daemon([&](daemon::Config& config) {
              tokens.add("alice");
              tokens.add("bob");
              tokens.add("boss", true);
              config.http.listen = "127.0.0.1:0";
              config.http.token_file = tokens.path();
              config.limits.connections_max = connections_max;
          }) {}

    ApiClient as(const std::string& name) const {
        return daemon.tcp_client(TokenFile::secret(name));
    }

    /// Who brings no token, but perhaps a cookie.
    ApiClient browser() const { return daemon.tcp_client(""); }

    TokenFile tokens;
    RunningDaemon daemon;
};

}  // namespace

TEST_CASE("a token's owner acts on his own jobs, reads all, and an admin acts on everything") {
    World world;
    auto alice = world.as("alice");
    auto bob = world.as("bob");
    auto boss = world.as("boss");
    auto local = world.daemon.client();
    const std::string job = alice.post("/v1/jobs", video_text()).at("id");
    const std::string second = alice.post("/v1/jobs", video_text()).at("id");
    REQUIRE_FALSE(second.empty());

    CHECK(bob.get("/v1/jobs/" + job).status == 200);
    CHECK(bob.post("/v1/jobs/" + job + "/cancel", "").at("code") == "not_owner");
    CHECK(bob.call("PATCH", "/v1/jobs/" + job, R"({"priority":9})", {}).at("code") == "not_owner");
    const ApiReply many = bob.post("/v1/jobs:cancel?state=queued", "");
    CHECK(many.at("done") == "0");
    CHECK(many.at("refused") == "2");
    for (const std::string call : {"/v1/queue/pause", "/v1/queue/resume"}) {
        CHECK(bob.post(call, "").at("code") == "not_owner");
        CHECK(boss.post(call, "").status == 200);
    }
    CHECK(alice.post("/v1/jobs/" + job + "/cancel", "").status == 200);
    CHECK(boss.post("/v1/jobs/" + second + "/cancel", "").status == 200);
    // Who runs the daemon is at home everywhere.
    CHECK(local.get("/v1/jobs/" + job).at("state") == "canceled");
}

TEST_CASE("an idempotency key is one principal's own") {
    World world;
    auto alice = world.as("alice");
    auto bob = world.as("bob");
    const Headers key = {{"Idempotency-Key", "k"}};
    const std::string of_alice = alice.post("/v1/jobs", video_text(), key).at("id");
    const ApiReply of_bob = bob.post("/v1/jobs", video_text(), key);
    CHECK(of_bob.status == 201);
    CHECK(of_bob.at("id") != of_alice);
    CHECK(alice.post("/v1/jobs", video_text(), key).at("id") == of_alice);
}

TEST_CASE("without a token nothing is told over TCP, and the connection ends") {
    World world;
    for (const std::string target : {"/healthz", "/readyz", "/v1/jobs", "/nowhere"}) {
        CAPTURE(target);
        auto nobody = world.daemon.tcp_client("");
        const ApiReply reply = nobody.get(target);
        CHECK(reply.status == 401);
        CHECK(reply.at("code") == "unauthorized");
        CHECK(reply.headers.at("www-authenticate") == "Bearer realm=\"genspool\"");
        CHECK(reply.headers.at("connection") == "close");
        CHECK(nobody.read_some().empty());
    }
    auto stranger = world.daemon.tcp_client("guessed");
    CHECK(stranger.post("/v1/jobs", video_text()).status == 401);
    auto options = world.daemon.tcp_client("");
    CHECK(options.call("OPTIONS", "/v1/jobs", "", {{"Origin", "http://evil.example"}}).status ==
          401);
    CHECK(world.daemon.client().get("/v1/stats").at("jobs") == "0");
}

TEST_CASE("a request for another host's name is turned away, whatever token it brings") {
    World world;
    auto client = world.as("boss");
    client.send_raw(
        "GET /v1/jobs HTTP/1.1\r\nHost: rebound.example:7788\r\nAuthorization: Bearer " +
        TokenFile::secret("boss") + "\r\n\r\n");
    CHECK(client.read_reply().at("code") == "wrong_host");
    auto without = world.as("boss");
    without.send_raw("GET /v1/jobs HTTP/1.1\r\nAuthorization: Bearer " + TokenFile::secret("boss") +
                     "\r\n\r\n");
    CHECK(without.read_reply().status == 400);
    auto twice = world.as("boss");
    CHECK(twice.get("/v1/jobs", {{"Host", "127.0.0.1"}}).status == 400);
    auto two_tokens = world.as("boss");
    CHECK(two_tokens.get("/v1/jobs", {{"Authorization", "Bearer x"}}).status == 400);
}

TEST_CASE("a token that is taken away is refused on the connection that it had opened") {
    World world;
    auto alice = world.as("alice");
    CHECK(alice.get("/v1/jobs").status == 200);
    world.tokens.write("# nobody\n");
    CHECK(alice.get("/v1/jobs").status == 401);
}

TEST_CASE("a browser signs in with a token, then its cookie opens all of it, until it signs out") {
    World world;
    auto boss = world.as("boss");
    const ApiReply signed_in = boss.post("/v1/session", "");
    REQUIRE(signed_in.status == 200);
    CHECK(signed_in.at("principal") == "token:boss");
    CHECK_FALSE(signed_in.at("expires_at").empty());
    const std::string set = signed_in.headers.at("set-cookie");
    const Headers cookie = {{"Cookie", set.substr(0, set.find(';'))},
                            {"Sec-Fetch-Site", "same-origin"}};

    auto browser = world.browser();
    const ApiReply who = browser.get("/v1/session", cookie);
    CHECK(who.at("principal") == "token:boss");
    CHECK(who.at("expires_at") == signed_in.at("expires_at"));
    CHECK(browser.get("/v1/jobs", cookie).status == 200);
    CHECK(browser.get("/", cookie).status == 200);
    const std::string job = browser.post("/v1/jobs", video_text(), cookie).at("id");
    CHECK(browser.get("/v1/jobs/" + job, cookie).at("principal") == "token:boss");
    CHECK(browser.post("/v1/queue/pause", "", cookie).status == 200);
    world.daemon.restart();
    CHECK(world.browser().get("/v1/jobs", {cookie.front()}).status == 401);  // of another port now
    CHECK(world.browser().post("/v1/session", "").status == 401);
}

TEST_CASE("a browser that has signed out, or whose token is taken away, is a stranger at once") {
    World world;
    const auto sign_in = [&](const std::string& name) {
        const std::string set = world.as(name).post("/v1/session", "").headers.at("set-cookie");
        return Headers{{"Cookie", set.substr(0, set.find(';'))}, {"Sec-Fetch-Site", "same-origin"}};
    };
    const Headers first = sign_in("alice");
    const Headers second = sign_in("alice");
    ApiClient stream = world.browser();
    stream.send_raw("GET /v1/events HTTP/1.1\r\nHost: " + stream.host() +
                    "\r\nCookie: " + second.front().second + "\r\n\r\n");
    stream.read_until(": connected");

    const ApiReply out = world.browser().call("DELETE", "/v1/session", "", first);
    CHECK(out.status == 204);
    CHECK(out.headers.at("set-cookie").find("Max-Age=0") != std::string::npos);
    CHECK(world.browser().get("/v1/jobs", first).status == 401);
    CHECK(world.browser().get("/v1/session", first).at("principal") == "");
    CHECK(world.browser().get("/v1/jobs", second).status == 200);
    world.tokens.write("# nobody\n");
    CHECK(world.browser().get("/v1/jobs", second).status == 401);
    CHECK_THROWS_AS(stream.read_until("never"), std::runtime_error);
}

TEST_CASE("a token that is taken away ends the stream that it had opened, and no other") {
    World world;
    const auto follow = [&](const std::string& name) {
        ApiClient client = world.as(name);
        client.send_raw("GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
                        TokenFile::secret(name) + "\r\n\r\n");
        client.read_until(": connected");
        return client;
    };
    ApiClient alice = follow("alice");
    ApiClient bob = follow("bob");
    TokenFile others;
    others.add("bob");
    world.tokens.write(others.text());

    CHECK_THROWS_AS(alice.read_until("never"), std::runtime_error);
    world.daemon.client().post("/v1/jobs", video_text());
    CHECK(bob.read_until("\"to\":\"queued\"").find("id: 1\n") != std::string::npos);
    bob.close();
}

TEST_CASE("strangers who take up every connection over TCP keep nobody out") {
    World world(4);
    std::vector<ApiClient> strangers;
    for (int n = 0; n < 8; ++n) {
        strangers.push_back(world.daemon.tcp_client(""));
        CHECK(world.as("alice").get("/healthz").status == 200);
    }
    CHECK(strangers.front().read_some().empty());
    CHECK(world.daemon.client().get("/healthz").status == 200);
}

TEST_CASE("a token that has all its connections at work leaves some to others") {
    World world(4);
    std::vector<ApiClient> streams;
    for (int n = 0; n < 3; ++n) {
        streams.push_back(world.as("alice"));
        streams.back().send_raw("GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: " +
                                ("Bearer " + TokenFile::secret("alice")) + "\r\n\r\n");
        streams.back().read_until(": connected");
    }

    const ApiReply refused = world.as("alice").get("/healthz");
    CHECK(refused.status == 503);
    CHECK(refused.at("code") == "busy");
    CHECK(world.as("bob").get("/healthz").status == 200);
    streams.back().close();
}

TEST_CASE("the daemon does not speak to other machines without TLS") {
    TokenFile tokens;
    daemon::Config::Http http;
    http.token_file = tokens.path();
    boost::asio::io_context io;
    const SimClock clock(io, proto::Instant{});
    const auto listen = [&] {
        return daemon::TcpListener(io.get_executor(), http, "a secret", clock).port();
    };
    for (const std::string address : {"0.0.0.0:0", "[::]:0", "192.0.2.1:0"}) {
        http.listen = address;
        CHECK_THROWS_AS(listen(), std::runtime_error);
    }
    http.listen = "127.0.0.1:0";
    CHECK(listen() != 0);
}

TEST_CASE("an address to listen on is a literal one") {
    CHECK(daemon::parse_listen("localhost:1")->address().is_loopback());
    CHECK(daemon::parse_listen("[::1]:7788")->address().is_v6());
    CHECK(daemon::parse_listen("0.0.0.0:65535")->port() == 65'535);
    for (const std::string bad : {"", "7788", ":7788", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                                  "::1:7788", "[127.0.0.1]:1", "spool.example:1", "127.0.0.1:1x"}) {
        CAPTURE(bad);
        CHECK_FALSE(daemon::parse_listen(bad));
    }
}
