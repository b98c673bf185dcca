// A long file in the inbox, written slowly, while the daemon is killed again and again.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "tests/programs/daemon_program.hpp"
#include "tests/programs/memory_ceiling.hpp"
#include "tests/programs/simulator_program.hpp"
#include "tests/storm/kill_plan.hpp"
#include "tests/storm/storm_size.hpp"
#include "tests/support/await.hpp"

using namespace genspool;
using namespace genspool::tests;
using namespace std::chrono_literals;

namespace {

/// Two of its videos are bought once it is sealed; they take an hour.
struct Long {
    std::uint64_t lines = storm_size(20'000, 200'000);
    TemporaryDirectory directory;
    SimulatorProgram simulator{directory, {"--latency", "1h"}};
    DaemonProgram daemon{directory, settings()};

    DaemonSettings settings() const {
        DaemonSettings wanted;
        wanted.upstream = simulator.url();
        wanted.account = "rpm = 0\nslots = 2\n";
        return wanted;
    }

    static std::string line(std::uint64_t n) {
        return R"({"custom_id":"line-)" + std::to_string(n) +
               R"(","kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":"shot )" +
               std::to_string(n) + "\"}}\n";
    }

    bool accepted(const std::string& name) const {
        return std::filesystem::exists(daemon.state("accepted/" + name));
    }

    /// How many batches people can see.
    std::size_t batches() const { return daemon.api().all("/v1/batches", "batches").size(); }

    /// Each line is one job, and there are no others.
    void check_lines() const {
        std::set<std::string> seen;
        std::uint64_t jobs = 0;
        daemon.api().each("/v1/jobs?limit=1000", "jobs", [&](const boost::json::value& job) {
            ++jobs;
            seen.insert(text_of(job, "custom_id"));
        });
        CHECK(jobs == lines);
        CHECK(seen.size() == lines);
        for (std::uint64_t n = 0; n < lines; ++n) {
            if (!seen.contains("line-" + std::to_string(n))) FAIL_CHECK("lost: line ", n);
        }
    }
};

}  // namespace

TEST_CASE("a long file written slowly and imported under kills loses and doubles no line") {
    const std::uint64_t seed = storm_seed();
    CAPTURE(seed);
    KillPlan chance(seed);
    Long world;
    REQUIRE(world.daemon.start());
    {
        std::ofstream slow(world.daemon.state("inbox/long.jsonl"));
        for (std::uint64_t n = 0; n < world.lines; ++n) {
            slow << Long::line(n);
            if (n % (world.lines / 5) != 1) continue;
            slow.flush();
            world.daemon.kill();
            REQUIRE(world.daemon.start());
            CHECK(world.batches() == 0);
        }
    }
    // Each life takes in some chunks of 512 lines. The last of these dies right before the seal.
    const std::uint64_t chunks = world.lines / 512;
    std::uint64_t kills = 0;
    bool sealing = false;
    while (!sealing) {
        world.daemon.kill();
        const std::uint64_t some = 1 + chance.below(std::max<std::uint64_t>(chunks / 6, 1));
        sealing = kills++ == 5;
        const bool alive = world.daemon.start(
            sealing ? "inbox.before_seal" : "inbox.after_chunk:" + std::to_string(some));
        if (alive) CHECK(world.daemon.process().wait_for(2min) == -SIGKILL);
        CHECK(world.simulator.purchases().empty());
        CHECK_FALSE(world.accepted("long.jsonl"));
    }
    if (world.daemon.start("inbox.after_seal")) {
        CHECK(world.daemon.process().wait_for(2min) == -SIGKILL);
    }
    REQUIRE(world.daemon.start());
    await("the file to be moved", [&] { return world.accepted("long.jsonl"); });
    CHECK(world.batches() == 1);
    world.check_lines();
    await("the first two to be bought", [&] { return world.simulator.purchases().size() == 2; });
}

TEST_CASE("importing a long file takes no more than 64 MB beside what an idle daemon takes") {
    const Long world;
    DaemonProgram daemon(world.directory, world.settings());
    REQUIRE(daemon.start());
    const std::uint64_t idle = daemon.process().resident_bytes();
    {
        std::ofstream file(daemon.state("inbox/.long.jsonl"));
        for (std::uint64_t n = 0; n < world.lines; ++n)
            file << Long::line(n);
    }
    std::filesystem::rename(daemon.state("inbox/.long.jsonl"), daemon.state("inbox/long.jsonl"));
    await("the file to be taken", [&] { return world.accepted("long.jsonl"); });
    await("two to be bought", [&] { return world.simulator.purchases().size() == 2; });
    const std::uint64_t peak = daemon.process().resident_bytes_peak();
    MESSAGE("idle " << idle / 1'000'000 << " MB, at most " << peak / 1'000'000 << " MB");
    if (!memory_is_measured) return;
    CHECK(peak <= idle + 64'000'000);
    CHECK(peak <= memory_ceiling_bytes);
}
