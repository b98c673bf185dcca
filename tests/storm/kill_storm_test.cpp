// A daemon that is killed again and again, at an upstream that loses, cuts, refuses and fails.
#include <doctest/doctest.h>

#include <csignal>
#include <map>
#include <string>

#include "tests/programs/daemon_program.hpp"
#include "tests/programs/memory_ceiling.hpp"
#include "tests/programs/simulator_program.hpp"
#include "tests/storm/audit.hpp"
#include "tests/storm/database.hpp"
#include "tests/storm/feeder.hpp"
#include "tests/storm/kill_plan.hpp"
#include "tests/storm/storm_size.hpp"

using namespace genspool;
using namespace genspool::tests;
using namespace std::chrono_literals;

namespace {

constexpr const char* bad_weather =
    R"({"reset-taken":0.03,"reset-untaken":0.03,"502-taken":0.02,"502-untaken":0.02,
        "cut-paid-reply":0.04,"fail-task":0.05,"query-1002":0.05,"query-502":0.05,
        "unknown-state":0.03,"state-case":0.05,"number-ids":0.1,"success-without-file-id":0.03,
        "link-expired":0.1,"slow-download":0.03,"cut-download":0.1,"wrong-length":0.03,
        "no-etag":0.1,"refuse-1000":0.01,"refuse-1002":0.02})";
constexpr const char* calm =
    R"({"reset-taken":0,"reset-untaken":0,"502-taken":0,"502-untaken":0,"cut-paid-reply":0,
        "fail-task":0,"query-1002":0,"query-502":0,"unknown-state":0,"state-case":0,
        "number-ids":0,"success-without-file-id":0,"link-expired":0,"slow-download":0,
        "cut-download":0,"wrong-length":0,"no-etag":0,"refuse-1000":0,"refuse-1002":0})";

/// What is in doubt keeps its slot as long as its op's patience, so that is short here: the slots
/// of the storm's beginning serve its end as well.
constexpr const char* patience =
    "[patience]\n\"minimax.music\" = \"2s\"\n\"minimax.lyrics\" = \"2s\"\n"
    "\"minimax.image\" = \"2s\"\n\"minimax.t2a_v2\" = \"2s\"\n\"minimax.video_v1\" = \"10s\"\n";
constexpr const char* slots = "rpm = 0\nslots = { video = 40, music = 3, image = 3, tts = 4 }\n";

/// The upstream holds the daemon to the same slots.
std::vector<std::string> simulator_arguments(std::uint64_t seed) {
    return {"--limit",   "video=40", "--limit", "music=3",           "--limit",
            "image=3",   "--limit",  "tts=4",   "--limit",           "lyrics=3",
            "--latency", "150ms",    "--seed",  std::to_string(seed)};
}

/// It has kept below the ceiling of docs/overload.md, so far.
void check_memory(DaemonProgram& daemon) {
    if (!memory_is_measured) return;
    const std::uint64_t peak = daemon.process().resident_bytes_peak();
    CHECK(peak <= memory_ceiling_bytes);
}

/// One life: it works, is killed, and leaves so many jobs in `submitting` on the disk.
std::uint64_t live_and_die(DaemonProgram& daemon, KillPlan& plan) {
    const KillWish wish = plan.next();
    const bool alive = daemon.start(wish.kill_at);
    const auto life = wish.kill_at.empty() ? std::chrono::milliseconds(20 + plan.below(400)) : 2s;
    if (alive) daemon.process().wait_for(life);
    if (daemon.process().running()) {
        check_memory(daemon);
        daemon.kill();
        plan.struck("any");
    } else {
        const int code = daemon.process().wait();
        INFO(daemon.log());
        REQUIRE(code == -SIGKILL);
        plan.struck(wish.during);
    }
    daemon.check_state();
    return jobs_on_disk(daemon.state("db"), proto::State::submitting);
}

/// What a world came to.
struct Storm {
    std::size_t jobs = 0;
    std::uint64_t held = 0;
    std::map<std::string, std::uint64_t> kills;  ///< by what the daemon was at
};

/// A world of its own: so many kills in bad weather, then calm, and every promise is checked.
Storm storm(std::uint64_t seed, std::uint64_t kills) {
    CAPTURE(seed);
    const TemporaryDirectory directory;
    const SimulatorProgram simulator(directory, simulator_arguments(seed));
    simulator.set_faults(bad_weather);
    DaemonSettings settings;
    settings.upstream = simulator.url();
    settings.account = slots;
    settings.tables = patience;
    DaemonProgram daemon(directory, settings);
    Feeder feeder(daemon);
    KillPlan plan(seed);
    std::uint64_t submitting_at_kills = 0;
    for (std::uint64_t kill = 0; kill < kills; ++kill) {
        feeder.allow(8);
        submitting_at_kills += live_and_die(daemon, plan);
    }

    simulator.set_faults(calm);
    REQUIRE(daemon.start());
    feeder.finish();
    daemon.await_quiet();
    CHECK(feeder.refusals().empty());
    const Audit audit(daemon, simulator);
    audit.check_jobs(feeder.names());
    audit.check_ledger();
    audit.check_files(feeder.files());
    check_memory(daemon);
    MESSAGE("at most " << daemon.process().resident_bytes_peak() / 1'000'000 << " MB");
    CHECK(daemon.stop() == 0);
    const std::string held = audit.check_database(submitting_at_kills);
    MESSAGE("seed " << seed << ", " << kills << " kills: " << feeder.names().size() << " jobs, "
                    << held);
    return {feeder.names().size(), audit.held(), plan.histogram()};
}

/// So many worlds, their seeds counted from `first`.
void storms(std::uint64_t first, std::uint64_t worlds, const std::string& what) {
    const std::uint64_t kills = storm_size(40, 300);
    const std::uint64_t seed = storm_seed() + first;
    Storm all;
    for (std::uint64_t world = 0; world < worlds; ++world) {
        const Storm one = storm(seed + world, kills);
        all.jobs += one.jobs;
        all.held += one.held;
        for (const auto& [during, count] : one.kills)
            all.kills[during] += count;
    }
    std::string histogram;
    for (const auto& [during, count] : all.kills)
        histogram += " " + during + " " + std::to_string(count);
    const std::uint64_t in_all = worlds * kills;
    MESSAGE(in_all << what << histogram << "; " << all.jobs << " jobs, " << all.held << " held");
    for (const char* const during : {"paid", "spool", "poll", "fetch", "results"}) {
        CAPTURE(during);
        CHECK(all.kills.contains(during));
    }
}

}  // namespace

// A kill costs more the more there is to look through afterwards, so a soak is ten worlds, and half
// of them are a case of their own for another core.

TEST_CASE("a storm of kills and faults buys nothing twice and loses nothing") {
    storms(0, storm_size(1, 5), " kills, during");
}

TEST_CASE("other storms of kills and faults, in a soak only, buy nothing twice either") {
    if (storm_size(0, 1) == 0) return;
    storms(5, 5, " more kills, during");
}
