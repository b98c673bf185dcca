// Repeats at useapi.net's paths: the machinery is the one of repeats_test.
#include <doctest/doctest.h>

#include <string>
#include <thread>

#include "tests/gateway/useapi_world.hpp"
#include "tests/support/await.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

/// Sends it, and reads nothing.
void send(ApiClient& client, const std::string& path, const std::string& body) {
    client.send_raw("POST " + useapi(path) +
                    " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer secret-of-alice\r\n"
                    "Content-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body);
}

constexpr const char* agent = R"({"prompt":"a kite","models":"hailuo-2.3"})";

}  // namespace

TEST_CASE("an agent that is asked for again after the connection was lost is the same agent") {
    UseapiWorld world;
    world.pause();
    auto first = world.alice();
    send(first, "/agent", agent);
    world.await_jobs(1);
    first.close();
    auto second = world.alice();
    send(second, "/agent", R"( {"models":"hailuo-2.3", "prompt":"a kite"})");
    world.resume();
    const ApiReply reply = second.read_reply();
    CHECK(at(reply, "status") == "completed");
    CHECK(world.jobs() == 1);
    CHECK(world.bought() == 1);
    // It was answered: the same once more is a new order.
    CHECK(second.post(useapi("/agent"), agent).status == 200);
    CHECK(world.bought() == 2);
}

TEST_CASE("a stream that broke off is taken up again by the same body, with the same id") {
    UseapiWorld world;
    world.pause();
    auto first = world.alice();
    send(first, "/videos/agent-create", R"({"templateId":"7"})");
    const std::string begun = first.read_until("\n\n");
    const std::size_t id = begun.find("user:0-minimax:0-video:");
    REQUIRE(id != std::string::npos);
    const std::string video = begun.substr(id, begun.find('"', id) - id);
    first.close();
    auto second = world.alice();
    send(second, "/videos/agent-create", R"({"templateId":"7"})");
    world.resume();
    const ApiReply events = second.read_reply();
    CHECK(events.body.find(video) != std::string::npos);
    CHECK(events.body.find("completed") != std::string::npos);
    CHECK(world.bought() == 1);
}

TEST_CASE("creates that were answered are as many as were sent, with an id each") {
    UseapiWorld world;
    world.pause();
    auto client = world.alice();
    const std::string one = at(client.post(useapi("/videos/create"), prompt_of("a")), "videoId");
    CHECK(at(client.post(useapi("/videos/create"), prompt_of("a")), "videoId") != one);
    const Headers key = {{"Idempotency-Key", "kite"}};
    const ApiReply keyed = client.post(useapi("/videos/create"), prompt_of("a"), key);
    CHECK(at(client.post(useapi("/videos/create"), prompt_of("a"), key), "videoId") ==
          at(keyed, "videoId"));
    CHECK(error_of(client.post(useapi("/videos/create"), prompt_of("b"), key)) == 400);
    CHECK(world.jobs() == 3);
}

TEST_CASE("an agent that is asked for again when it has ended is told as it then is") {
    UseapiWorld world;
    auto client = world.alice();
    const std::string body = R"({"prompt":"a kite","models":"hailuo-2.3","async":true})";
    const Headers key = {{"Idempotency-Key", "kite"}};
    const ApiReply begun = client.post(useapi("/agent"), body, key);
    CHECK(begun.status == 201);
    world.await_state("succeeded");
    const ApiReply again = client.post(useapi("/agent"), body, key);
    CHECK(again.status == 201);
    CHECK(at(again, "jobId") == at(begun, "jobId"));
    CHECK(at(again, "status") == "completed");
    CHECK_FALSE(again.json().at("response").at("attachments").as_array().empty());
}

TEST_CASE("who waits while the daemon stops is told to come again, and gets the same") {
    UseapiWorld world;
    world.pause();
    auto first = world.alice();
    send(first, "/agent", agent);
    world.await_jobs(1);
    std::thread restarting([&world] { world.daemon.restart(); });
    const ApiReply stopped = first.read_reply();
    restarting.join();
    CHECK(error_of(stopped) == 504);
    auto second = world.alice();
    send(second, "/agent", agent);
    world.resume();
    CHECK(second.read_reply().status == 200);
    CHECK(world.bought() == 1);
}
