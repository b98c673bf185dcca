#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "tests/e2e/tcp_place.hpp"
#include "tests/programs/run_program.hpp"
#include "tests/support/await.hpp"

using namespace genspool::tests;

namespace {

const std::string distinctive = "sk-a-key-that-occurs-nowhere-else-4711";

bool holds_key(const std::string& text) {
    return text.find(distinctive) != std::string::npos;
}

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// What all files of the daemon, and all that it has logged, say of a secret.
void check_left_behind(const Workplace& work, const std::string& secret) {
    CHECK(work.daemon.log().find(secret) == std::string::npos);
    const auto files = files_below(work.daemon.state(""));
    CHECK(files.size() > 5);
    for (const std::string& file : files) {
        CAPTURE(file);
        CHECK(bytes_of(file).find(secret) == std::string::npos);
    }
}

}  // namespace

TEST_CASE("a key that the upstream repeats in its complaint goes no further") {
    DaemonSettings settings;
    settings.key = "echo-" + distinctive;
    Workplace work({"--latency", "0"}, settings);
    REQUIRE(work.daemon.start());
    const auto image = work.submit("image", "a kite");
    const auto song = work.submit("music", "a song");
    const Api api = work.daemon.api();
    const auto complained = [&api] {
        return api.get("/v1/accounts").text.find("quarantines\":[{") != std::string::npos;
    };
    await("the account's quarantine", complained);
    for (const std::string& target :
         {std::string("/v1/accounts"), "/v1/jobs/" + image, "/v1/jobs/" + image + "/events",
          "/v1/jobs/" + image + "/explain", "/v1/jobs/" + song, "/v1/jobs/" + song + "/events"})
        CHECK_FALSE(holds_key(api.get(target).text));
    for (const std::string target : {"files?purpose=batch", "files/7/content", "plan"}) {
        const std::string told = api.get("/v1/remote/main/" + target).text;
        CHECK(told.find("login fail: ****") != std::string::npos);
        CHECK_FALSE(holds_key(told));
    }
    CHECK(work.daemon.stop() == 0);
    check_left_behind(work, distinctive);
}

TEST_CASE("a token lets in over TCP, and is found nowhere but with its owner") {
    DaemonSettings settings;
    settings.key = distinctive;
    TcpPlace place({"--latency", "0"}, settings);
    DaemonProgram& daemon = place.work.daemon;
    REQUIRE(daemon.start());

    const ProgramRun run = place.client(
        {"submit", "image", "--model", "image-01", "--prompt", "a kite", "--wait"}, place.token);
    CAPTURE(run.err);
    CHECK(run.code == 0);
    const ProgramRun listed = place.client({"ls", "--json"}, place.token);
    CHECK(listed.code == 0);
    const ProgramRun stranger = place.client({"ls"}, "genspool_guessed");
    CHECK(stranger.code == 4);
    CHECK(stranger.err.find("GENSPOOL_TOKEN") != std::string::npos);
    const ProgramRun paused = place.client({"pause"}, place.token);
    CHECK(paused.code == 4);
    CHECK(run_program({"genspool", "token", "rm", "desk", "--file", place.tokens()}).code == 0);
    CHECK(place.client({"ls"}, place.token).code == 4);

    for (const ProgramRun* said : {&run, &listed, &stranger, &paused}) {
        CHECK((said->out + said->err).find(place.token) == std::string::npos);
        CHECK((said->out + said->err).find("genspool_guessed") == std::string::npos);
    }
    CHECK(daemon.stop() == 0);
    check_left_behind(place.work, place.token);
    check_left_behind(place.work, distinctive);
    CHECK(bytes_of(place.tokens()).find(place.token) == std::string::npos);
}

TEST_CASE("a crash leaves no core dump with keys in it, even where dumps are allowed") {
    const TemporaryDirectory directory;
    ProcessOptions plain;
    plain.command = {"/bin/sh", "-c", "ulimit -c unlimited; kill -XCPU $$"};
    plain.directory = directory.path();
    Process control(plain);
    CHECK(control.wait() == -SIGXCPU);

    Workplace work;
    REQUIRE(work.daemon.start());
    CHECK(work.daemon.process().memory_owner() == 0);
    const bool allowed = work.daemon.process().allow_core();
    work.daemon.process().signal(SIGXCPU);
    CHECK(work.daemon.process().wait() == -SIGXCPU);
    CHECK_FALSE(work.daemon.process().dumped_core());
    if (!control.dumped_core()) MESSAGE("this system dumps no cores at all");
    if (!allowed) MESSAGE("the limit could not be lifted here: it alone may have prevented a dump");
}

TEST_CASE("the key reaches no file, no log, no answer and no command line") {
    DaemonSettings settings;
    settings.key = distinctive;
    Workplace work({"--latency", "0", "--hold", "1h", "--cut-signal", "/dev/null"}, settings);
    REQUIRE(work.daemon.start());
    const auto ended = work.submit("image", "a kite");
    const auto lost = work.submit("image", "a kite [[drop]]");
    const auto refused = work.submit("image", "a kite [[refuse:1004]]");
    work.await_state(ended, "succeeded");
    work.await_state(lost, "held");
    work.submit("music", "a song [[stall:50]]");
    const Api api = work.daemon.api();
    for (const std::string target : {"/v1/accounts", "/v1/stats", "/v1/ledger", "/v1/jobs"})
        CHECK_FALSE(holds_key(api.get(target).text));
    for (const std::string& job : {ended, lost, refused}) {
        CHECK_FALSE(holds_key(api.get("/v1/jobs/" + job).text));
        CHECK_FALSE(holds_key(api.get("/v1/jobs/" + job + "/events").text));
    }
    work.daemon.kill();
    REQUIRE(work.daemon.start());
    CHECK(work.daemon.stop() == 0);
    check_left_behind(work, distinctive);
    const ProgramRun shown =
        run_program({"genspoold", "--config", work.daemon.config(), "--check-config"},
                    {"GENSPOOL_TEST_KEY=" + distinctive});
    CHECK(shown.code == 0);
    CHECK(shown.out.find("GENSPOOL_TEST_KEY") != std::string::npos);
    CHECK_FALSE(holds_key(shown.out + shown.err));
}
