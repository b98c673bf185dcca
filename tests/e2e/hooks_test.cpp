// A command that is run when a job has ended, with the installed programs.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"
#include "tests/support/await.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

using namespace genspool::tests;

namespace {

/// A workplace whose hook writes a line for each end.
struct Place {
    Place() : work({"--latency", "20ms"}, settings()) {}

    DaemonSettings settings() const {
        DaemonSettings settings;
        settings.tables =
            "[[hook]]\nname = \"notify\"\ncommand = [\"/bin/sh\", \"-c\", "
            "\"echo $GENSPOOL_JOB_ID $GENSPOOL_STATE $GENSPOOL_ARTIFACT >> " +
            directory.path("ends") + "\"]\n";
        return settings;
    }

    std::set<std::string> ends() const {
        std::set<std::string> all;
        std::ifstream in(directory.path("ends"));
        for (std::string line; std::getline(in, line);)
            all.insert(line);
        return all;
    }

    TemporaryDirectory directory;
    Workplace work;
};

}  // namespace

TEST_CASE("each end is told, however often the daemon is killed") {
    Place place;
    std::set<std::string> wanted;
    for (int life = 0; life < 4; ++life) {
        REQUIRE(place.work.daemon.start());
        std::set<std::string> jobs;
        for (int n = 0; n < 5; ++n)
            jobs.insert(place.work.submit("image", "a kite"));
        for (const std::string& job : jobs) {
            place.work.await_state(job, "succeeded");
            const auto shown = place.work.job(job);
            wanted.insert(job + " succeeded " +
                          std::string(shown.at_pointer("/artifacts/0/path").as_string()));
        }
        // Some of the ends are told by now, some are not.
        place.work.daemon.kill();
    }
    REQUIRE(place.work.daemon.start());
    await("every end", [&] { return place.ends() == wanted; });

    const ProgramRun shown = run_client(place.work.daemon, {"hooks"});
    CHECK(shown.code == 0);
    CHECK(shown.out.find("notify") != std::string::npos);
    CHECK(shown.out.find("/bin/sh") != std::string::npos);
    CHECK(place.work.daemon.stop() == 0);
}

TEST_CASE("what a hook did not take is shown, and told again when a person wants it") {
    Place place;
    REQUIRE(place.work.daemon.start());
    // Nothing can be written there.
    std::filesystem::create_directory(place.directory.path("ends"));
    const std::string job = place.work.submit("image", "a kite");
    place.work.await_state(job, "succeeded");
    ProgramRun untaken;
    await("the failure", [&] {
        untaken = run_client(place.work.daemon, {"hooks", "notify"});
        return untaken.out.find(job) != std::string::npos;
    });
    CHECK(untaken.out.find("exit code") != std::string::npos);

    std::filesystem::remove(place.directory.path("ends"));
    const ProgramRun retried = run_client(place.work.daemon, {"hooks", "notify", "--retry"});
    CHECK(retried.code == 0);
    await("the end", [&] { return place.ends().size() == 1; });
    await("that nothing is left", [&] {
        return run_client(place.work.daemon, {"hooks", "notify"}).out.find(job) ==
               std::string::npos;
    });
    CHECK(run_client(place.work.daemon, {"hooks", "nobody"}).code == 3);
    CHECK(run_client(place.work.daemon, {"hooks", "--retry"}).code == 2);
}

TEST_CASE("the standard's own library, which GENSPOOL_WEBHOOKS names, verifies what is posted") {
    const char* const library = std::getenv("GENSPOOL_WEBHOOKS");  // NOLINT(concurrency-mt-unsafe)
    if (library == nullptr) {
        MESSAGE("not run: `./run test` fetches it where npm and Node.js 18 are");
        return;
    }
    const TemporaryDirectory directory;
    const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    ProcessOptions options;
    options.command = {"/usr/bin/env", "node", source_path("tests/e2e/webhook_receiver.mjs"),
                       library,        secret, directory.path()};
    const Process receiver(options);
    const auto line = [&](const std::string& name) {
        std::ifstream file(directory.path(name));
        std::string text;
        std::getline(file, text);
        return text;
    };
    await("the receiver", [&] { return !line("port").empty(); });

    DaemonSettings settings;
    const std::string secrets = directory.path("secrets");
    std::ofstream(secrets) << "whsec_" << std::string(32, 'A') << "\n" << secret << "\n";
    std::filesystem::permissions(secrets, std::filesystem::perms::owner_read);
    settings.tables = "[hooks]\nsecret_file = \"" + secrets +
                      "\"\nprivate_hosts = true\n[[hook]]\nname = \"ops\"\n"
                      "url = \"http://127.0.0.1:" +
                      line("port") + "/told\"\n";
    Workplace work({"--latency", "0"}, settings);
    REQUIRE(work.daemon.start());
    work.await_state(work.submit("image", "a kite"), "succeeded");
    await("a message", [&] { return !line("taken").empty(); });
    CHECK(line("taken") == "genspool.job.succeeded");
}
