// Programs written for MiniMax's own API, over the daemon.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/e2e/tcp_place.hpp"
#include "tests/e2e/workplace.hpp"
#include "tests/support/await.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

using namespace genspool::tests;

namespace {

std::string text_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Runs a script to its end, with the daemon in MiniMax's place; what it printed.
boost::json::value run_node(const TcpPlace& place, const std::vector<std::string>& script) {
    const std::string out = place.directory.path("out");
    const std::string err = place.directory.path("err");
    ProcessOptions options;
    options.command = {"/usr/bin/env", "node"};
    options.command.insert(options.command.end(), script.begin(), script.end());
    options.environment = {
        "MINIMAX_API_HOST=http://127.0.0.1:" + place.work.daemon.http_port() + "/minimax",
        "MINIMAX_API_KEY=" + place.token};
    options.output = out;
    options.errors = err;
    const int code = Process(options).wait();
    CAPTURE(text_of_file(err));
    REQUIRE(code == 0);
    return boost::json::parse(text_of_file(out));
}

constexpr const char* video = R"({"model":"MiniMax-Hailuo-02","prompt":"a kite"})";

}  // namespace

TEST_CASE("what MiniMax's own MCP server sends is answered as it expects it") {
    TcpPlace place({"--latency", "20ms"}, {});
    REQUIRE(place.work.daemon.start());
    const auto told = run_node(place, {source_path("tests/e2e/minimax_client.mjs")});
    for (const std::string tool : {"text_to_audio", "text_to_audio_url", "voice_clone",
                                   "generate_video", "voice_design", "list_voices"}) {
        CAPTURE(tool);
        CHECK(told.at(tool).to_number<int>() > 0);
    }
    CHECK(told.at("text_to_image").to_number<int>() == 2);
    CHECK(text_of(told, "refused").find("duration") != std::string::npos);
    CHECK(place.work.simulator.purchases().size() == 6);
}

TEST_CASE(
    "MiniMax's own MCP server, which GENSPOOL_MCP names, does all it can do over the daemon") {
    const char* const server = std::getenv("GENSPOOL_MCP");  // NOLINT(concurrency-mt-unsafe)
    if (server == nullptr) return;                           // `./run mcp` tells where it is
    TcpPlace place({"--latency", "20ms"}, {});
    REQUIRE(place.work.daemon.start());
    const std::string directory = place.directory.path("mcp");
    std::filesystem::create_directory(directory);
    const auto said =
        run_node(place, {source_path("tests/e2e/mcp_session.mjs"), server, directory});
    for (const std::string tool : {"text_to_audio", "text_to_image", "generate_video"}) {
        CAPTURE(tool);
        CHECK(text_of(said, tool).find("saved: " + directory) != std::string::npos);
    }
    CHECK(text_of(said, "list_voices").starts_with("Success"));
    CHECK(text_of(said, "voice_clone").find("Demo audio: " + directory) != std::string::npos);
    CHECK(text_of(said, "voice_design").starts_with("Success"));
    CHECK(place.work.simulator.purchases().size() == 5);
    MESSAGE(text_of(said, "generate_video"));
}

#ifdef GENSPOOL_KILL_POINTS

TEST_CASE("killed between an order and its answer, it takes the same order for the same") {
    Workplace work;
    REQUIRE(work.daemon.start());
    // Else the first kill may catch the purchase on the wire, and the job is held.
    CHECK(work.daemon.api().post("/v1/queue/pause", "{}").status == 200);
    CHECK(work.daemon.stop() == 0);
    CHECK(work.daemon.start("intake.gateway_admitted:1"));
    CHECK(work.daemon.api().post("/minimax/v1/video_generation", video).status == 0);
    CHECK(work.daemon.process().wait() == -SIGKILL);
    REQUIRE(work.daemon.start());
    const ApiAnswer again = work.daemon.api().post("/minimax/v1/video_generation", video);
    REQUIRE(again.status == 200);
    CHECK(work.daemon.api().all("/v1/jobs", "jobs").size() == 1);
    CHECK(work.daemon.api().post("/v1/queue/resume", "{}").status == 200);
    await("the note", [&work] {
        return work.daemon.api().all("/v1/jobs?label=gateway=answered", "jobs").size() == 1;
    });
    work.daemon.await_quiet();
    work.daemon.kill();
    REQUIRE(work.daemon.start());
    // It was answered, and that is not forgotten: this is another.
    const ApiAnswer other = work.daemon.api().post("/minimax/v1/video_generation", video);
    CAPTURE(other.text);
    CHECK_FALSE(text_of(other.body, "task_id").empty());
    CHECK(text_of(other.body, "task_id") != text_of(again.body, "task_id"));
    work.daemon.await_quiet();
    CHECK(work.simulator.purchases().size() == 2);
}

#endif
