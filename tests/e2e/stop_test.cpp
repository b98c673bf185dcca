#include <doctest/doctest.h>

#include <csignal>
#include <string>

#include "tests/e2e/workplace.hpp"
#include "tests/support/await.hpp"

using namespace genspool::tests;
using namespace std::chrono_literals;

namespace {

void await_stopping(const DaemonProgram& daemon) {
    await("the stop to begin", [&] { return daemon.log().find("stopping") != std::string::npos; });
}

}  // namespace

TEST_CASE("a stop lets the paid request on the wire finish, and buys nothing more") {
    Workplace work({"--latency", "0"});
    REQUIRE(work.daemon.start());
    const std::string song = work.submit("music", "a song [[slow:2]]");
    work.await_state(song, "submitting");
    await("the request to be with the upstream",
          [&] { return work.simulator.purchases().size() == 1; });
    CHECK(work.daemon.stop() == 0);
    CHECK(work.daemon.log().find("stopped") != std::string::npos);
    REQUIRE(work.daemon.start());
    work.await_state(song, "succeeded");
    CHECK(work.simulator.purchases().size() == 1);
}

TEST_CASE("a second SIGTERM does not wait for the wire") {
    Workplace work({"--latency", "0"});
    REQUIRE(work.daemon.start());
    const std::string song = work.submit("music", "a song [[slow:3600]]");
    await("the request to be with the upstream",
          [&] { return work.simulator.purchases().size() == 1; });
    work.daemon.process().signal(SIGTERM);
    await_stopping(work.daemon);
    CHECK(work.daemon.process().running());
    work.daemon.process().signal(SIGTERM);
    CHECK(work.daemon.process().wait_for(1min) == 0);
    REQUIRE(work.daemon.start());
    work.await_state(song, "held");
    CHECK(work.simulator.purchases().size() == 1);
}

TEST_CASE("while a stop waits for the wire, reads are answered and nothing new is taken") {
    Workplace work({"--latency", "0"});
    REQUIRE(work.daemon.start());
    const std::string song = work.submit("music", "a song [[slow:3600]]");
    await("the request to be with the upstream",
          [&] { return work.simulator.purchases().size() == 1; });
    work.daemon.process().signal(SIGTERM);
    const Api api = work.daemon.api();
    await("the stop to begin", [&] { return api.get("/readyz").status == 503; });

    CHECK(text_of(api.get("/readyz").body, "code") == "stopping");
    CHECK(api.get("/healthz").status == 200);
    CHECK(work.state_of(song) == "submitting");
    for (const std::string target : {"/v1/jobs", "/v1/queue/pause"}) {
        const ApiAnswer refused = api.post(target, "{}");
        CHECK(refused.status == 503);
        CHECK(text_of(refused.body, "code") == "stopping");
    }
    CHECK(api.post("/v1/jobs/" + song + "/cancel", "").status == 503);

    work.daemon.process().signal(SIGTERM);
    CHECK(work.daemon.process().wait_for(1min) == 0);
}

TEST_CASE("a stop and a start resume what runs upstream") {
    Workplace work({"--latency", "1h"});
    REQUIRE(work.daemon.start());
    const std::string video = work.submit("video", "a kite");
    work.await_state(video, "running");
    CHECK(work.daemon.stop() == 0);
    REQUIRE(work.daemon.start());
    CHECK(work.state_of(video) == "running");
    work.simulator.api().post("/sim/finish", "{}");
    work.await_state(video, "succeeded");
    CHECK(work.simulator.purchases().size() == 1);
}
