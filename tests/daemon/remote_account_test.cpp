// What of an account's own is too secret for an address, and what its upstream has given up.
#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <string>
#include <vector>

#include "tests/daemon/running_daemon.hpp"
#include "tests/daemon/token_file.hpp"
#include "tests/support/raw_server.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

namespace asio = boost::asio;

constexpr std::string_view answer =
    R"({"account":"301","jwt":{"token":"ey.other"},"name":"ey.token.x",)"
    R"("userID":301000000000000001})";

asio::awaitable<void> run_now(std::function<void()> work) {
    work();
    co_return;
}

/// Does blocking work while the loop goes on.
asio::awaitable<void> beside_the_loop(std::function<void()> work) {
    asio::thread_pool pool(1);
    auto done = asio::co_spawn(pool, run_now(std::move(work)), asio::use_awaitable);
    co_await std::move(done);
}

/// A daemon with the account linked at an upstream that answers everything alike.
struct World {
    void run(const std::function<void(ApiClient& boss)>& scenario) {
        RunningDaemon daemon([this](daemon::Config& config) {
            tokens.add("boss", true);
            config.http.listen = "127.0.0.1:0";
            config.http.token_file = tokens.path();
            daemon::AccountConfig account;
            account.name = "linked";
            account.provider = "useapi";
            account.base_url = server.url("");
            account.api_key = daemon::Secret("user:1-abc");
            account.upstream_account = "301";
            account.slots = {{"video", 1}};
            config.accounts.push_back(account);
        });
        server.run(beside_the_loop([&] {
            ApiClient boss = daemon.tcp_client(TokenFile::secret("boss"));
            scenario(boss);
        }));
    }

    asio::awaitable<void> serve(RawConnection& connection) {
        std::string request = co_await connection.read_request();
        if (request.empty()) co_return;
        asked.push_back(std::move(request));
        std::string reply = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n";
        reply.append("Content-Length: ").append(std::to_string(answer.size()));
        reply.append("\r\nConnection: close\r\n\r\n").append(answer);
        co_await connection.send(std::move(reply));
    }

    asio::io_context io;
    std::vector<std::string> asked;
    TokenFile tokens;
    RawServer server{io, [this](RawConnection& connection) { return serve(connection); }};
};

/// What was asked of the upstream for its users; it is looked at for the daemon's own sake too.
std::vector<std::string> posts(const World& world) {
    std::vector<std::string> found;
    for (const std::string& request : world.asked)
        if (request.starts_with("POST ")) found.push_back(request);
    return found;
}

}  // namespace

TEST_CASE("a login is given in the body alone, and does not come back") {
    World world;
    world.run([&](ApiClient& boss) {
        const std::string login =
            R"({"url":"https://h.example/cursor","token":"ey.token.x","maxJobs":3})";
        const ApiReply made = boss.post("/v1/remote/linked/accounts", login);
        CHECK(made.status == 200);
        CHECK(made.body == R"({"account":"301","jwt":{"token":"***"},"name":"**********",)"
                           R"("userID":"301000000000000001"})");
        const ApiReply spelled = boss.post("/v1/remote/linked/accounts?token=ey.y", login);
        CHECK(spelled.status == 422);
        CHECK(spelled.body.find("ey.y") == std::string::npos);
        const ApiReply lacking = boss.post("/v1/remote/linked/accounts", R"({"token":"ey.z"})");
        CHECK(lacking.status == 422);
        CHECK(lacking.at("field") == "url");
        CHECK(lacking.body.find("ey.z") == std::string::npos);
        CHECK(boss.post("/v1/remote/linked/accounts", "no JSON").status >= 400);
    });
    const auto sent = posts(world);
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].starts_with("POST /accounts HTTP/1.1\r\n"));
    CHECK(sent[0].ends_with(
        R"({"url":"https://h.example/cursor","token":"ey.token.x","maxJobs":3})"));
    CHECK(sent[0].find("Authorization: Bearer user:1-abc\r\n") != std::string::npos);
}

TEST_CASE("what an upstream has given up is refused here, with its story") {
    World world;
    world.run([&](ApiClient& boss) {
        for (const char* path : {"llm", "llm/7", "audio/voices", "music/styles", "files"}) {
            const ApiReply reply = boss.get("/v1/remote/linked/" + std::string(path));
            CAPTURE(path);
            CHECK(reply.at("code") == "not_available");
            CHECK(reply.at("detail").find(" since 2025-") != std::string::npos);
        }
    });
    for (const std::string& request : world.asked)
        CHECK(request.find("/llm") == std::string::npos);
}
