// What the README shows, with the programs as they are installed.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"
#include "tests/support/await.hpp"

using namespace genspool::tests;

namespace {

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

constexpr const char* shots_text =
    R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":"a kite over dunes"},)"
    R"("custom_id":"shot-1","max_cost":0.60})"
    "\n"
    R"({"custom_id":"voice-1","method":"POST","url":"/v1/t2a_v2","body":{)"
    R"("model":"speech-2.8-hd","text":"Good evening.",)"
    R"("voice_setting":{"voice_id":"English_Trustworth_Man"}}})"
    "\n";

}  // namespace

TEST_CASE("run prints the path of what came out, and it is what was bought") {
    Workplace work;
    REQUIRE(work.daemon.start());
    const ProgramRun run =
        run_client(work.daemon, {"run", "video", "--model", "MiniMax-Hailuo-02", "--prompt",
                                 "a kite over dunes", "--set", "duration=6"});
    INFO(run.err);
    CHECK(run.code == 0);
    const auto bought = work.simulator.purchases();
    REQUIRE(bought.size() == 1);
    CHECK(sha256_of_file(first_line(run.out)) == bought[0].sha256.at(0));
}

TEST_CASE("submit prints an id that wait, show, get, explain and ls understand") {
    Workplace work;
    REQUIRE(work.daemon.start());
    const ProgramRun submitted = run_client(
        work.daemon, {"submit", "tts", "--model", "speech-2.8-hd", "--prompt", "Good evening.",
                      "--set", "voice_setting.voice_id=English_Trustworth_Man"});
    REQUIRE(submitted.code == 0);
    const std::string id = first_line(submitted.out);
    CHECK(run_client(work.daemon, {"wait", id}).code == 0);
    const std::string place = work.directory.path("evening.mp3");
    CHECK(run_client(work.daemon, {"get", id, "-o", place}).code == 0);
    CHECK(sha256_of_file(place) == work.simulator.purchases().at(0).sha256.at(0));
    for (const char* const verb : {"show", "explain"}) {
        const ProgramRun shown = run_client(work.daemon, {verb, id.substr(0, 16)});
        CHECK(shown.code == 0);
        CHECK(shown.out.find("succeeded") != std::string::npos);
    }
    CHECK(run_client(work.daemon, {"ls"}).out.find(id.substr(0, 15)) != std::string::npos);
    for (const char* const verb : {"ledger", "accounts", "stats", "events"})
        CHECK(run_client(work.daemon, {verb}).code == 0);
}

TEST_CASE("a file means the same over the command line and in the inbox") {
    Workplace work;
    REQUIRE(work.daemon.start());
    const std::string shots = work.directory.path("shots.jsonl");
    std::ofstream(shots) << shots_text;
    CHECK(run_client(work.daemon, {"batch", shots, "--wait"}).code == 0);
    std::filesystem::copy(shots, work.daemon.state("inbox/shots.jsonl"));
    const std::string done = work.daemon.state("results/shots.done");
    await("the batch of the inbox to end", [&] { return std::filesystem::exists(done); });
    CHECK(read_lines(work.daemon.state("results/shots.jsonl")).size() == 2);
    CHECK_FALSE(std::filesystem::exists(work.daemon.state("results/shots.errors.jsonl")));
    CHECK(work.simulator.purchases().size() == 4);
}

TEST_CASE("the client's exit code says what came of it") {
    Workplace work;
    REQUIRE(work.daemon.start());
    const auto run_image = [&](const std::string& prompt) {
        return run_client(work.daemon, {"run", "image", "--model", "image-01", "--prompt", prompt});
    };
    CHECK(run_image("a kite").code == 0);
    CHECK(run_image("a kite [[refuse:1026]]").code == 1);
    CHECK(run_image("a kite [[drop]]").code == 6);
    CHECK(run_client(work.daemon, {"run", "image"}).code != 0);
    CHECK(run_client(work.daemon, {"paint"}).code == 2);
    CHECK(run_client(work.daemon, {"show", "01AAAAAAAAAAAAAA"}).code == 3);
    const std::string slow =
        first_line(run_client(work.daemon, {"submit", "image", "--model", "image-01", "--prompt",
                                            "[[slow:60]] kite"})
                       .out);
    CHECK(run_client(work.daemon, {"wait", slow, "--timeout", "100ms"}).code == 124);
    CHECK(run_program({"genspool", "--socket", work.directory.path("none"), "ls"}).code == 5);
}
