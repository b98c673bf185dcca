// Who repeats himself after a lost answer gets the job of the first time; who had his answer orders
// anew.
#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

#include "daemon/gateway/placing.hpp"
#include "tests/gateway/gateway_world.hpp"
#include "tests/support/await.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

/// Sends it, and reads nothing.
void send(ApiClient& client, const std::string& path, const std::string& body) {
    client.send_raw("POST " + path +
                    " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer secret-of-alice\r\n"
                    "Content-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body);
}

constexpr const char* t2a = "/minimax/v1/t2a_v2";

}  // namespace

TEST_CASE("a body repeated after the connection was lost waits for the job that it began") {
    GatewayWorld world;
    world.pause();
    auto first = world.alice();
    send(first, t2a, speech("ahoy"));
    world.await_jobs(1);
    first.close();
    auto second = world.alice();
    send(second, t2a,
         R"( {"voice_setting" : {"voice_id":"English_expressive_narrator"},)"
         R"( "text":"ahoy", "model":"speech-2.6-hd"})");
    world.resume();
    const ApiReply reply = second.read_reply();
    CHECK(code_of(reply) == 0);
    CHECK(world.jobs() == 1);
    CHECK(world.bought() == 1);

    // It was answered: the same once more is a new order.
    CHECK(code_of(second.post(t2a, speech("ahoy"))) == 0);
    CHECK(world.jobs() == 2);
    CHECK(world.bought() == 2);
}

TEST_CASE("who comes back after the job has ended gets the answer that nobody was there for") {
    GatewayWorld world;
    world.pause();
    auto first = world.alice();
    send(first, t2a, speech("ahoy"));
    world.await_jobs(1);
    first.close();
    world.resume();
    const auto succeeded = [&world] {
        const auto jobs = world.daemon.client().get("/v1/jobs?state=succeeded").json();
        return jobs.at("jobs").as_array().size() == 1;
    };
    await("the job's end", succeeded);
    CHECK(code_of(world.alice().post(t2a, speech("ahoy"))) == 0);
    CHECK(world.jobs() == 1);
    CHECK(world.bought() == 1);
}

TEST_CASE("a job is given to repeats for ten minutes after its end, or its admission") {
    const proto::Instant now{std::chrono::hours{500'000}};
    const auto minutes_ago = [now](int minutes) { return now - std::chrono::minutes{minutes}; };
    daemon::gateway::Order waits;
    daemon::gateway::Order at_once;
    at_once.answered_at_once = true;
    proto::JobRecord job;
    job.created_at = minutes_ago(300);
    CHECK(is_recent(waits, job, now));
    CHECK_FALSE(is_recent(at_once, job, now));
    job.finished_at = minutes_ago(9);
    CHECK(is_recent(waits, job, now));
    job.finished_at = minutes_ago(10);
    CHECK_FALSE(is_recent(waits, job, now));
    job.created_at = minutes_ago(9);
    CHECK(is_recent(at_once, job, now));
}

TEST_CASE("two who say the same at the same time have ordered two") {
    GatewayWorld world;
    world.pause();
    auto first = world.alice();
    auto second = world.alice();
    send(first, t2a, speech("ahoy"));
    world.await_jobs(1);
    send(second, t2a, speech("ahoy"));
    world.await_jobs(2);
    // Both are lost: each repeat gets another of the two, a third one a job of its own.
    first.close();
    second.close();
    auto third = world.alice();
    auto fourth = world.alice();
    auto fifth = world.alice();
    send(third, t2a, speech("ahoy"));
    send(fourth, t2a, speech("ahoy"));
    world.await_jobs(2);
    send(fifth, t2a, speech("ahoy"));
    world.await_jobs(3);
    world.resume();
    for (ApiClient* const client : {&third, &fourth, &fifth})
        CHECK(code_of(client->read_reply()) == 0);
    CHECK(world.bought() == 3);
}

TEST_CASE("of twenty orders of one body that were lost each repeat gets another") {
    GatewayWorld world;
    world.pause();
    constexpr std::size_t orders = 20;
    std::vector<ApiClient> lost;
    for (std::size_t n = 0; n < orders; ++n) {
        lost.push_back(world.alice());
        send(lost.back(), t2a, speech("ahoy"));
        world.await_jobs(n + 1);
    }
    // Changed labels are no answer.
    const auto listed = world.daemon.client().get("/v1/jobs").json();
    for (const auto& job : listed.at("jobs").as_array())
        world.daemon.client().call("PATCH", "/v1/jobs/" + std::string(job.at("id").as_string()),
                                   R"({"labels":{"film":"reel-4"}})",
                                   {{"Content-Type", "application/json"}});
    lost.clear();
    std::vector<ApiClient> again;
    for (std::size_t n = 0; n < orders; ++n) {
        again.push_back(world.alice());
        send(again.back(), t2a, speech("ahoy"));
    }
    world.resume();
    for (ApiClient& client : again)
        CHECK(code_of(client.read_reply()) == 0);
    CHECK(world.jobs() == orders);
    CHECK(world.bought() == orders);
}

TEST_CASE("another principal, another path or another body is no repeat") {
    GatewayWorld world;
    world.pause();
    auto first = world.alice();
    send(first, t2a, speech("ahoy"));
    world.await_jobs(1);
    first.close();
    auto bob = world.as("bob");
    bob.send_raw(
        "POST /minimax/v1/t2a_v2 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Authorization: Bearer secret-of-bob\r\nContent-Length: " +
        std::to_string(speech("ahoy").size()) + "\r\n\r\n" + speech("ahoy"));
    world.await_jobs(2);
    auto other = world.alice();
    send(other, t2a, speech("ahoi"));
    world.await_jobs(3);
    CHECK(code_of(world.alice().post("/minimax/v1/t2a_async_v2", speech("ahoy"))) == 0);
    CHECK(world.jobs() == 4);
}

TEST_CASE("a repeat after a restart finds its job, an answered one stays answered") {
    GatewayWorld world;
    CHECK(code_of(world.alice().post(t2a, speech("done"))) == 0);
    world.pause();
    auto first = world.alice();
    send(first, t2a, speech("ahoy"));
    world.await_jobs(2);
    std::thread restarting([&world] { world.daemon.restart(); });
    const ApiReply stopped = first.read_reply();
    restarting.join();
    CHECK(code_of(stopped) == 1002);
    auto second = world.alice();
    send(second, t2a, speech("ahoy"));
    world.resume();
    CHECK(code_of(second.read_reply()) == 0);
    CHECK(world.jobs() == 2);
    CHECK(code_of(second.post(t2a, speech("done"))) == 0);
    CHECK(world.jobs() == 3);
    CHECK(world.bought() == 3);
}

TEST_CASE("who is told that his job is held waits for it, however often he asks") {
    GatewayWorld world;
    auto client = world.alice();
    const ApiReply held = client.post(t2a, speech("ahoy [[drop]]"));
    CHECK(code_of(held) == 1000);
    CHECK(words_of(held).find("is held") != std::string::npos);
    CHECK(code_of(client.post(t2a, speech("ahoy [[drop]]"))) == 1000);
    CHECK(world.jobs() == 1);
    CHECK(world.bought() == 1);
}

TEST_CASE("a stream that a stop cuts short says that the job goes on") {
    GatewayWorld world;
    world.pause();
    auto client = world.alice();
    const std::string chat =
        R"({"model":"MiniMax-M3","stream":true,"messages":[{"role":"user","content":"a kite"}]})";
    send(client, "/minimax/v1/chat/completions", chat);
    world.await_jobs(1);
    std::thread restarting([&world] { world.daemon.restart(); });
    const ApiReply stopped = client.read_reply();
    restarting.join();
    CHECK(stopped.body.find("goes on") != std::string::npos);
    auto second = world.alice();
    send(second, "/minimax/v1/chat/completions", chat);
    world.resume();
    CHECK(second.read_reply().body.find("[DONE]") != std::string::npos);
    CHECK(world.bought() == 1);
}

TEST_CASE("a failure is an answer: the same once more is tried once more") {
    GatewayWorld world;
    auto client = world.alice();
    CHECK(code_of(client.post(t2a, speech("[[refuse:1026]]"))) == 1026);
    CHECK(code_of(client.post(t2a, speech("[[refuse:1026]]"))) == 1026);
    CHECK(world.jobs() == 2);
}

TEST_CASE("creates that were answered are as many as were sent") {
    GatewayWorld world;
    world.pause();
    auto client = world.alice();
    std::string last;
    for (int n = 0; n < 40; ++n) {
        const ApiReply created = client.post("/minimax/v1/video_generation", film("a kite"));
        CHECK(at(created, "task_id") != last);
        last = at(created, "task_id");
    }
    CHECK(world.jobs() == 40);
}

TEST_CASE("an Idempotency-Key decides alone") {
    GatewayWorld world;
    auto client = world.alice();
    const Headers key = {{"Idempotency-Key", "kite"}};
    const std::string first =
        at(client.post("/minimax/v1/video_generation", film("a kite"), key), "task_id");
    CHECK(at(client.post("/minimax/v1/video_generation", film("a kite"), key), "task_id") == first);
    CHECK(code_of(client.post("/minimax/v1/video_generation", film("a boat"), key)) == 2013);
    CHECK(world.jobs() == 1);
}
