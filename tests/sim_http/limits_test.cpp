#include <doctest/doctest.h>

#include "tests/sim_http/model_client.hpp"
#include "tests/simulator/capacity.hpp"

using namespace genspool::tests;
using genspool::simulator::ModelOptions;
using genspool::simulator::SlotClass;
using std::chrono::milliseconds;

namespace {

ModelOptions limited(std::uint32_t videos, std::uint32_t videos_a_minute) {
    ModelOptions options;
    options.limits[static_cast<std::size_t>(SlotClass::video)] = videos;
    options.rpm[static_cast<std::size_t>(SlotClass::video)] = videos_a_minute;
    return options;
}

}  // namespace

TEST_CASE("more videos at once than allowed are refused and remembered") {
    ModelClient client(limited(2, 0));
    CHECK(code_of(client.create("a [[slow:10]]")) == 0);
    CHECK(code_of(client.create("b [[slow:20]]")) == 0);
    CHECK(code_of(client.create("c [[slow:10]]")) == 1041);
    client.key = "other";
    CHECK(code_of(client.create("d [[slow:10]]")) == 0);
    client.key = "key";
    client.pass(milliseconds(10'000));
    CHECK(code_of(client.create("e [[slow:10]]")) == 0);

    const auto violations = client.records.violations();
    REQUIRE(violations.size() == 1);
    CHECK(violations[0].violation == "limit");
    CHECK(violations[0].account == "key");
    CHECK(violations[0].used == 2);
    CHECK(violations[0].limit == 2);
    const auto stats = body_of(client.get("/sim/stats"));
    CHECK(stats.at("violations") == 1);
    CHECK(stats.at("purchases") == 4);
    CHECK(stats.at("in_flight").at("key").at("video").at("max") == 2);
}

TEST_CASE("a task that was taken and lost holds its slot all the same") {
    ModelClient client(limited(1, 0));
    client.create("a [[drop]][[slow:10]]");
    CHECK(code_of(client.create("b")) == 1041);
}

TEST_CASE("more requests a minute than allowed are refused and remembered") {
    ModelClient client(limited(0, 2));
    CHECK(code_of(client.create("a")) == 0);
    client.pass(milliseconds(30'000));
    CHECK(code_of(client.create("b")) == 0);
    CHECK(code_of(client.create("c")) == 1002);
    CHECK(client.records.violations().at(0).violation == "rpm");
    client.pass(milliseconds(60'000));
    CHECK(code_of(client.create("d")) == 0);
}

TEST_CASE("all videos can be finished at once") {
    ModelClient client(limited(1, 0));
    const auto task = text_of(body_of(client.create("a [[slow:1000]]")), "task_id");
    CHECK(body_of(client.post("/sim/finish", "")).at("finished") == 1);
    CHECK(text_of(client.query(task), "status") == "Success");
    CHECK(code_of(client.create("b")) == 0);
}
