#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <string>

#include "tests/e2e/small_disk.hpp"
#include "tests/e2e/workplace.hpp"
#include "tests/support/await.hpp"

using namespace genspool::tests;

namespace {

DaemonSettings settings_on(const SmallDisk& disk, const std::string& reserve) {
    DaemonSettings settings;
    settings.state_dir = disk.path();
    settings.disk_reserve = reserve;
    return settings;
}

std::string gate(const DaemonProgram& daemon) {
    return text_of(daemon.api().get("/v1/stats").body, "disk");
}

bool usable(const SmallDisk& disk) {
    if (!disk.mounted()) MESSAGE("not possible here: mounting needs root or user namespaces");
    return disk.mounted();
}

}  // namespace

TEST_CASE("a full disk costs nothing: what is under way comes home when there is room again") {
    const TemporaryDirectory directory;
    const SmallDisk disk(directory, "16m");
    if (!usable(disk)) return;
    // The database has its room; where replies and artifacts go there will be none.
    std::filesystem::create_directory(directory.path("db"));
    std::filesystem::create_directory_symlink(directory.path("db"), disk.path() + "/db");
    Workplace work({"--latency", "1h"}, settings_on(disk, "0"));
    REQUIRE(work.daemon.start());
    for (int n = 0; n < 20; ++n)
        work.submit("video", "shot " + std::to_string(n));
    await("20 videos to run", [&] { return work.daemon.count("running") == 20; });
    for (int n = 0; n < 5; ++n)
        work.submit("tts", "voice " + std::to_string(n) + " [[slow:4]]");
    await("25 to be bought", [&] { return work.simulator.purchases().size() == 25; });
    CHECK(work.daemon.count("submitting") == 5);

    disk.fill();
    work.simulator.api().post("/sim/finish", "{}");
    await("the voices to find no room",
          [&] { return work.daemon.log().find("spool_failed") != std::string::npos; });
    await("the videos to be done", [&] { return work.daemon.count("running") == 0; });
    CHECK(gate(work.daemon) != "open");
    CHECK(work.daemon.count("succeeded") == 0);
    CHECK(files_below(disk.path() + "/artifacts").empty());

    disk.empty();
    work.daemon.await_quiet();
    CHECK(work.daemon.process().running());
    CHECK(work.daemon.count("succeeded") == 25);
    CHECK(files_below(disk.path() + "/artifacts").size() == 25);
    CHECK(work.simulator.purchases().size() == 25);
    await("the gate to open", [&] { return gate(work.daemon) == "open"; });
}

TEST_CASE("a daemon starts on a full disk, in the room that was held back for its database") {
    const TemporaryDirectory directory;
    const SmallDisk disk(directory, "160m");
    if (!usable(disk)) return;
    Workplace work({"--latency", "50ms"}, settings_on(disk, "\"32M\""));
    REQUIRE(work.daemon.start());
    const std::string ballast = disk.path() + "/db.ballast";
    await("room to be held back", [&] { return std::filesystem::exists(ballast); });
    work.submit("image", "a kite");
    work.daemon.await_quiet();
    REQUIRE(work.daemon.stop() == 0);
    REQUIRE(std::filesystem::file_size(ballast) == (2U << 20U));

    disk.fill();
    REQUIRE(work.daemon.start());
    await("intake to close", [&] { return gate(work.daemon) == "no_intake"; });
    CHECK_FALSE(std::filesystem::exists(ballast));
    CHECK(work.daemon.count("succeeded") == 1);

    disk.empty();
    await("the gate to open", [&] { return gate(work.daemon) == "open"; });
    CHECK(std::filesystem::exists(ballast));
    CHECK(work.daemon.process().running());
}

TEST_CASE(
    "a disk that fills up stops buying, fetching and intake before the database has no room") {
    const TemporaryDirectory directory;
    const SmallDisk disk(directory, "96m");
    if (!usable(disk)) return;
    Workplace work({"--latency", "1h"}, settings_on(disk, "\"16M\""));
    REQUIRE(work.daemon.start());
    for (int n = 0; n < 20; ++n)
        work.submit("video", "shot " + std::to_string(n));
    await("20 videos to run", [&] { return work.daemon.count("running") == 20; });

    disk.fill(1'500'000);
    await("intake to close", [&] { return gate(work.daemon) == "no_intake"; });
    const ApiAnswer refused = work.daemon.api().post("/v1/jobs", job_text("video", "one more"));
    CHECK(refused.status == 507);
    work.simulator.api().post("/sim/finish", "{}");
    await("the videos to be done", [&] { return work.daemon.count("fetching") == 20; });
    CHECK(files_below(disk.path() + "/artifacts").empty());

    disk.empty();
    work.daemon.await_quiet();
    CHECK(work.daemon.process().running());
    CHECK(work.daemon.count("succeeded") == 20);
    CHECK(work.simulator.purchases().size() == 20);
    CHECK(work.daemon.api().post("/v1/jobs", job_text("video", "one more")).status == 201);
}
