// A backup of the daemon at work, and what a daemon makes of it that starts there.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "queue/core.hpp"
#include "queue/keys.hpp"
#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"
#include "tests/support/await.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

DaemonSettings one_slot() {
    DaemonSettings settings;
    settings.account = "rpm = 0\nslots = 1\n";
    return settings;
}

/// Another daemon, with a copy of a backup for its state.
struct Restored {
    Restored(const std::string& backup, const SimulatorProgram& simulator)
        : daemon(directory, settings(backup, simulator)) {}

    DaemonSettings settings(const std::string& backup, const SimulatorProgram& simulator) const {
        DaemonSettings settings = one_slot();
        settings.upstream = simulator.url();
        settings.state_dir = directory.path("restored");
        fs::copy(backup, settings.state_dir, fs::copy_options::recursive);
        return settings;
    }
    json::value get(const std::string& target) const { return daemon.api().get(target).body; }
    std::string state_of(const std::string& id) const {
        return text_of(get("/v1/jobs/" + id), "state");
    }

    TemporaryDirectory directory;
    DaemonProgram daemon;
};

/// Videos finish when they are told to.
void finish_videos(const SimulatorProgram& simulator) {
    simulator.api().post("/sim/finish", "{}");
}

ProgramRun back_up(const Workplace& work, const std::string& name,
                   std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"backup", work.directory.path(name)});
    return run_client(work.daemon, std::move(more));
}

std::size_t gates_named(const json::value& explanation, std::string_view name) {
    std::size_t found = 0;
    for (const json::value& gate : explanation.at("gates").as_array())
        found += text_of(gate, "gate") == name ? 1 : 0;
    return found;
}

}  // namespace

TEST_CASE("a restored backup buys nothing until it is told to; then everything ends") {
    Workplace work({"--latency", "0"}, one_slot());
    REQUIRE(work.daemon.start());
    work.daemon.drop("early.jsonl", job_text("image", "a kite") + "\n");
    await("the early batch to end",
          [&] { return fs::exists(work.daemon.state("results/early.done")); });
    const std::string first = work.submit("video", "one [[slow:3600]]");
    work.await_state(first, "running");
    const std::string second = work.submit("video", "two [[slow:3600]]");
    const std::string third = work.submit("video", "three [[slow:3600]]");
    const ProgramRun made = back_up(work, "monday", {"--artifacts"});
    INFO(made.err);
    REQUIRE(made.code == 0);
    CHECK(made.out == work.directory.path("monday") + "\n");
    const ProgramRun inside =
        run_client(work.daemon, {"backup", work.daemon.state("spool/monday")});
    CHECK(inside.code != 0);
    CHECK(inside.err.find("where only backups/ holds backups") != std::string::npos);

    // Life goes on, and buys what waited; then the machine is gone.
    await("everything to be bought", [&] {
        finish_videos(work.simulator);
        return work.state_of(second) == "succeeded" && work.state_of(third) == "succeeded";
    });
    work.daemon.kill();
    const std::size_t bought = work.simulator.purchases().size();
    CHECK(bought == 4);

    Restored restored(work.directory.path("monday"), work.simulator);
    REQUIRE(restored.daemon.start());

    // What was bought before the backup is brought home, and nothing else is bought meanwhile.
    await("the first video to be home", [&] { return restored.state_of(first) == "succeeded"; });
    const json::value queue = restored.get("/v1/queue");
    CHECK(queue.at("paused").as_bool());
    CHECK(text_of(queue, "reason").find("2 jobs may have been bought since") != std::string::npos);
    CHECK(text_of(queue.at("setback"), "why") == "backup");
    CHECK(queue.at("generation").to_number<int>() == 2);
    CHECK(gates_named(restored.get("/v1/jobs/" + second + "/explain"), "pause") == 1);
    CHECK(restored.daemon.log().find("may have been bought since") != std::string::npos);
    const std::string listed = run_client(restored.daemon, {"ls", "--doubtful", "--json"}).out;
    CHECK(listed.find(first) == std::string::npos);
    CHECK(listed.find(second) != std::string::npos);
    CHECK(listed.find(third) != std::string::npos);
    CHECK(run_client(restored.daemon, {"stats"}).out.find("genspool ls --doubtful") !=
          std::string::npos);
    CHECK(read_lines(restored.daemon.state("results/early.jsonl")).size() == 1);
    CHECK(work.simulator.purchases().size() == bought);

    CHECK(run_client(restored.daemon, {"cancel", third}).code == 0);
    const ProgramRun asked = run_client(restored.daemon, {"resume"});
    CHECK(asked.code == 2);
    CHECK(asked.err.find("this would buy 1 job that may have been bought already") !=
          std::string::npos);
    CHECK(run_client(restored.daemon, {"resume", "--yes"}).code == 0);
    await("the rest to end", [&] {
        finish_videos(work.simulator);
        return restored.state_of(second) == "succeeded";
    });
    restored.daemon.await_quiet();
    CHECK(work.simulator.purchases().size() == bought + 1);
    CHECK(restored.daemon.stop() == 0);
}

TEST_CASE("a paid reply that lies in the spool is in the backup, and is brought home from it") {
    Workplace work({"--latency", "0"}, one_slot());
    REQUIRE(work.daemon.start());
    // A file where all artifacts would lie: the song cannot come home, and stays in the spool.
    fs::rename(work.daemon.state("artifacts"), work.daemon.state("aside"));
    std::ofstream(work.daemon.state("artifacts")) << "in the way";
    json::object job = json::parse(job_text("music", "a slow waltz")).as_object();
    job["output"] = "songs/waltz{ext}";
    const std::string song =
        text_of(work.daemon.api().post("/v1/jobs", json::serialize(job)).body, "id");
    work.await_state(song, "fetching");
    REQUIRE(back_up(work, "monday").code == 0);
    work.daemon.kill();

    Restored restored(work.directory.path("monday"), work.simulator);
    REQUIRE(restored.daemon.start());

    await("the song to be home", [&] { return restored.state_of(song) == "succeeded"; });
    CHECK(sha256_of_file(restored.daemon.state("artifacts/songs/waltz.mp3")) ==
          work.simulator.purchases().at(0).sha256.at(0));
    CHECK(work.simulator.purchases().size() == 1);
}

TEST_CASE("a paid reply that a database has forgotten is believed, and not bought a second time") {
    Workplace work({"--latency", "0"}, one_slot());
    REQUIRE(work.daemon.start());
    fs::rename(work.daemon.state("artifacts"), work.daemon.state("aside"));
    std::ofstream(work.daemon.state("artifacts")) << "in the way";
    REQUIRE(run_client(work.daemon, {"pause"}).code == 0);
    const std::string song = work.submit("music", "a slow waltz");
    REQUIRE(back_up(work, "monday").code == 0);
    REQUIRE(run_client(work.daemon, {"resume"}).code == 0);
    work.await_state(song, "fetching");
    work.daemon.kill();

    Restored restored(work.directory.path("monday"), work.simulator);
    fs::copy(work.daemon.state("spool"), restored.daemon.state("spool"),
             fs::copy_options::recursive);
    REQUIRE(fs::exists(restored.daemon.state("spool/" + song + ".1")));
    REQUIRE(restored.daemon.start());
    CHECK(restored.state_of(song) == "queued");

    CHECK(run_client(restored.daemon, {"resume", "--yes"}).code == 0);
    await("the song to be home", [&] { return restored.state_of(song) == "succeeded"; });
    CHECK(work.simulator.purchases().size() == 1);
    CHECK(restored.daemon.stop() == 0);
}

TEST_CASE("with --artifacts a backup holds what was brought home") {
    Workplace work;
    REQUIRE(work.daemon.start());
    const std::string image = work.submit("image", "a kite");
    work.await_state(image, "succeeded");
    REQUIRE(back_up(work, "with", {"--artifacts"}).code == 0);
    REQUIRE(back_up(work, "without").code == 0);
    for (const char* const name : {"with", "without"})
        CHECK(run_program({"genspool", "verify", work.directory.path(name)}).code == 0);
    CHECK_FALSE(fs::exists(work.directory.path("without/artifacts")));
    const auto files = files_below(work.directory.path("with/artifacts"));
    REQUIRE(files.size() == 1);
    CHECK(sha256_of_file(files.front()) == work.simulator.purchases().at(0).sha256.at(0));
}

TEST_CASE("a backup takes no place that is taken, and leaves nothing of a failed one") {
    Workplace work;
    REQUIRE(work.daemon.start());
    std::ofstream(work.directory.path("taken")) << "something";
    CHECK(back_up(work, "taken").code == 2);
    CHECK(read_lines(work.directory.path("taken")).size() == 1);
    CHECK(back_up(work, "no/such/place").code == 2);
    CHECK_FALSE(fs::exists(work.directory.path("taken.part")));
    CHECK(work.daemon.api().post("/v1/backup", R"({"directory":"here"})").status == 422);
    CHECK(work.daemon.api().post("/v1/backup", "{}").status == 422);
    CHECK(back_up(work, "free").code == 0);
}

TEST_CASE("a backup that was cut off has not its name") {
    Workplace work;
    REQUIRE(work.daemon.start("backup.before_name"));
    CHECK(work.daemon.api()
              .post("/v1/backup", R"({"directory":")" + work.directory.path("cut") + R"("})")
              .status == 0);
    work.daemon.process().wait();
    CHECK_FALSE(fs::exists(work.directory.path("cut")));
    CHECK(fs::exists(work.directory.path("cut.part")));
    REQUIRE(work.daemon.start());
    CHECK(work.submit("image", "a kite") != "");
}

TEST_CASE("a state directory of a newer format is refused with exit 78, both versions named") {
    Workplace work;
    REQUIRE(work.daemon.start());
    CHECK(work.daemon.stop() == 0);
    {
        queue::StoreOptions options;
        options.path = work.daemon.state("db");
        queue::Store store(options);
        std::string newer;
        queue::keys::put_u64(newer, queue::format_version + 1);
        store.commit({{queue::keys::meta("format"), newer}});
    }
    work.daemon.leave_unchecked();

    const ProgramRun run = run_program({"genspoold", "--config", work.daemon.config()},
                                       {"GENSPOOL_TEST_KEY=sk-of-this-test"});

    CHECK(run.code == 78);
    const std::string said = run.out + run.err;
    CHECK(said.find("format " + std::to_string(queue::format_version + 1)) != std::string::npos);
    CHECK(said.find("up to " + std::to_string(queue::format_version)) != std::string::npos);
}
