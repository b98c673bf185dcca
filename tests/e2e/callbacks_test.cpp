// Upstreams that say of their own accord when a task has moved, with the installed programs. Each
// job is asked for once an hour, so what ends, ends by a callback.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/workplace.hpp"
#include "tests/support/held_port.hpp"

using namespace genspool::tests;

namespace {

struct Place {
    explicit Place(std::vector<std::string> simulator_arguments)
        : work(std::move(simulator_arguments), settings()) {
        REQUIRE(work.daemon.start());
    }

    DaemonSettings settings() const {
        const std::string place = "127.0.0.1:" + std::to_string(held.number());
        DaemonSettings settings;
        settings.poll = R"({ min = "1h", max = "1h" })";
        settings.tables = "[callbacks]\nlisten = \"" + place + "\"\nurl = \"http://" + place +
                          "/from-upstream/\"\n";
        return settings;
    }

    std::uint64_t asked(const std::string& endpoint = "/v1/query/video_generation") const {
        const boost::json::value stats = work.simulator.api().get("/sim/stats").body;
        const auto* const count = stats.at("requests").as_object().if_contains(endpoint);
        return count == nullptr ? 0 : count->to_number<std::uint64_t>();
    }

    HeldPort held;
    Workplace work;
};

}  // namespace

TEST_CASE("a job ends soon after its callback, however seldom it is asked for") {
    Place place({"--latency", "0"});
    std::vector<std::string> jobs;
    for (int n = 0; n < 5; ++n)
        jobs.push_back(place.work.submit("video", "a kite [[slow:0.2]]"));
    for (const std::string& job : jobs)
        place.work.await_state(job, "succeeded");
    // An update that it is being worked on, and one that it is done.
    CHECK(place.asked() <= 2 * jobs.size());
    CHECK(place.work.simulator.purchases().size() == jobs.size());
    CHECK(place.work.daemon.stop() == 0);
}

TEST_CASE("callbacks before the answer, twice, out of order and for strangers do no harm") {
    for (const std::string fault :
         {"callback-early=1", "callback-twice=1", "callback-disorder=1", "callback-stranger=1"}) {
        CAPTURE(fault);
        Place place({"--latency", "0", "--fault", fault});
        const std::string job = place.work.submit("video", "a kite");
        place.work.await_state(job, "succeeded");
        CHECK(place.asked() <= 2);
        CHECK(place.work.simulator.purchases().size() == 1);
        CHECK(place.work.daemon.stop() == 0);
    }
}

TEST_CASE("a kill loses the hints that it meets, and no job") {
    Place place({"--latency", "0"});
    const std::string job = place.work.submit("video", "a kite [[slow:600]]");
    place.work.await_state(job, "running");
    place.work.daemon.kill();
    CHECK(place.work.simulator.api().post("/sim/finish", "").status == 200);
    REQUIRE(place.work.daemon.start());
    place.work.await_state(job, "succeeded");
    CHECK(place.work.simulator.purchases().size() == 1);
}
