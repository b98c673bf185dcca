// A song is its reply: what becomes of it when the daemon is killed while the reply arrives.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <csignal>
#include <string>

#include "tests/programs/daemon_program.hpp"
#include "tests/programs/simulator_program.hpp"
#include "tests/storm/kill_plan.hpp"
#include "tests/storm/storm_size.hpp"
#include "tests/support/await.hpp"

using namespace genspool;
using namespace genspool::tests;
using namespace std::chrono_literals;

namespace {

struct Studio {
    TemporaryDirectory directory;
    SimulatorProgram simulator{
        directory,
        {"--latency", "0", "--hold", "1h", "--cut-signal", directory.path("cuts.jsonl")}};
    DaemonProgram daemon{directory, settings()};

    /// A song in doubt keeps its slot: there are enough.
    DaemonSettings settings() const {
        DaemonSettings wanted;
        wanted.upstream = simulator.url();
        wanted.account = "rpm = 0\nslots = 1000\n";
        return wanted;
    }

    /// Its id; empty if the daemon died before it answered.
    std::string order(const std::string& prompt) const {
        const std::string song = R"({"kind":"music","idempotency_key":")" + prompt +
                                 R"(","request":{"model":"music-2.6","lyrics":"la","prompt":")" +
                                 prompt + R"("}})";
        return text_of(daemon.api().post("/v1/jobs", song).body, "id");
    }

    boost::json::value await_settled(const std::string& id) const {
        boost::json::value job;
        await("the song to be settled", [&] {
            job = daemon.api().get("/v1/jobs/" + id).body;
            const std::string state = text_of(job, "state");
            return state == "held" || state == "succeeded" || state == "failed";
        });
        return job;
    }

    std::vector<Purchase> bought(const std::string& prompt) const {
        auto all = simulator.purchases();
        std::erase_if(all, [&prompt](const Purchase& one) { return one.prompt != prompt; });
        return all;
    }
};

}  // namespace

TEST_CASE("a song killed before its spooled trailer is held, with one purchase") {
    const std::uint64_t songs = storm_size(10, 100);
    const std::uint64_t seed = storm_seed();
    CAPTURE(seed);
    KillPlan chance(seed);
    Studio studio;
    REQUIRE(studio.daemon.start());
    for (std::uint64_t n = 0; n < songs; ++n) {
        // From the head alone to all but a little of it.
        const std::string prompt =
            "song " + std::to_string(n) + " [[stall:" + std::to_string(chance.below(8'000)) + "]]";
        CAPTURE(prompt);
        const std::string id = studio.order(prompt);
        REQUIRE_FALSE(id.empty());
        await("part of the reply to be sent",
              [&] { return read_lines(studio.simulator.cut_signal()).size() == n + 1; });
        studio.daemon.kill();
        REQUIRE(studio.daemon.start());
        CHECK(text_of(studio.await_settled(id), "state") == "held");
        CHECK(studio.bought(prompt).size() == 1);
    }
    CHECK(studio.simulator.purchases().size() == songs);
}

TEST_CASE("a song killed after its spooled trailer is delivered, with one purchase") {
    const std::uint64_t songs = storm_size(10, 100);
    Studio studio;
    REQUIRE(studio.daemon.start());
    for (std::uint64_t n = 0; n < songs; ++n) {
        const std::string prompt = "song " + std::to_string(n);
        CAPTURE(prompt);
        studio.daemon.kill();
        const bool synced = n % 2 == 0;
        REQUIRE(studio.daemon.start(synced ? "spool.synced" : "spool.trailer_written"));
        studio.order(prompt);
        REQUIRE(studio.daemon.process().wait_for(2min) == -SIGKILL);
        REQUIRE(studio.daemon.start());
        // The same key again: the first job, should the daemon have died before it answered.
        const std::string id = studio.order(prompt);
        const auto job = studio.await_settled(id);
        CHECK(text_of(job, "state") == "succeeded");
        const auto bought = studio.bought(prompt);
        REQUIRE(bought.size() == 1);
        const auto& artifact = job.at("artifacts").at(0);
        CHECK(text_of(artifact, "sha256") == bought[0].sha256.at(0));
        CHECK(sha256_of_file(text_of(artifact, "path")) == bought[0].sha256.at(0));
    }
}
