// What the simulated upstream sends of its own accord.
#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "tests/sim_http/model_client.hpp"
#include "tests/simulator/callback_sender.hpp"
#include "tests/support/raw_server.hpp"

using namespace genspool::tests;
namespace sim = genspool::simulator;
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

sim::Callbacks planned(ModelClient& client, const std::string& prompt = "a kite [[slow:30]]") {
    json::object body{{"model", "MiniMax-Hailuo-02"}, {"callback_url", "http://x.test/hook"}};
    body.emplace("prompt", prompt);
    return client.post("/v1/video_generation", json::serialize(body)).callbacks;
}

/// "0 processing, 30000 success".
std::string course(const sim::Callbacks& plan) {
    std::string text;
    for (const sim::CallbackUpdate& update : plan.updates) {
        const json::value body = json::parse(update.body);
        text += (text.empty() ? "" : ", ") + std::to_string(update.after.count()) + " " +
                std::string(body.at("status").as_string());
    }
    return text;
}

/// The bodies that a server gets, which answers the n-th of them with the n-th of `answers`, and
/// the others with the last.
std::vector<std::string> sent_to(const std::vector<std::string>& answers,
                                 const std::string& challenge = "c") {
    asio::io_context io;
    std::vector<std::string> bodies;
    const auto answer = [&](RawConnection& connection) -> asio::awaitable<void> {
        const std::string request = co_await connection.read_request();
        bodies.push_back(request.substr(request.find("\r\n\r\n") + 4));
        const std::string& body = answers.at(std::min(bodies.size(), answers.size()) - 1);
        std::string reply =
            "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        co_await connection.send(std::move(reply));
    };
    RawServer server(io, answer);
    sim::Callbacks plan;
    plan.url = server.url("/hook");
    plan.challenge = challenge;
    plan.updates = {{sim::Duration(0), "first"}, {sim::Duration(1), "second"}};
    sim::CallbackSender sender(io.get_executor(), plan);
    server.run(sender.run());
    return bodies;
}

}  // namespace

TEST_CASE("a task whose request names an address is told of there") {
    ModelClient client;
    const sim::Callbacks plan = planned(client);
    CHECK(plan.url == "http://x.test/hook");
    CHECK_FALSE(plan.challenge.empty());
    CHECK_FALSE(plan.early);
    CHECK(course(plan) == "10000 processing, 30000 success");
    CHECK(course(planned(client, "a kite [[slow:30]] [[fail:1027]]")) ==
          "10000 processing, 30000 failed");
    CHECK(client.create("a kite").callbacks.url.empty());
    CHECK(planned(client, "a kite [[refuse:1026]]").url.empty());
}

TEST_CASE("callbacks are lost, early, doubled, disordered and of strangers where that is wanted") {
    const auto under = [](const char* fault) {
        ModelClient client(faulty_options(fault));
        return planned(client);
    };
    CHECK(under("callback-lost").url.empty());
    CHECK(under("callback-early").early);
    CHECK(course(under("callback-twice")) ==
          "10000 processing, 10000 processing, 30000 success, 30000 success");
    CHECK(course(under("callback-disorder")) == "30000 success, 30000 processing");
    CHECK(course(under("callback-stranger")) == "0 success, 10000 processing, 30000 success");
}

TEST_CASE("updates follow only where the challenge is met") {
    const std::string challenge = R"({"challenge":"c"})";
    CHECK(sent_to({challenge, "{}"}) == std::vector<std::string>{challenge, "first", "second"});
    CHECK(sent_to({R"({"challenge":"d"})"}) == std::vector<std::string>{challenge});
    CHECK(sent_to({"no json"}) == std::vector<std::string>{challenge});
    CHECK(sent_to({"no json"}, "") == std::vector<std::string>{"first", "second"});
}
