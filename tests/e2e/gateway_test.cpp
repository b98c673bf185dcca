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

#include "tests/e2e/curl.hpp"
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

/// A node program of ours, which writes to DIRECTORY/NAME.out and .err.
Process run_node(const std::string& directory, const std::string& name,
                 const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment = {}) {
    ProcessOptions options;
    options.command = {"/usr/bin/env", "node", source_path("tests/e2e/" + name + ".mjs")};
    options.command.insert(options.command.end(), arguments.begin(), arguments.end());
    options.environment = environment;
    options.output = directory + "/" + name + ".out";
    options.errors = directory + "/" + name + ".err";
    return Process(options);
}

/// Runs a client to its end, with the daemon in MiniMax's place, which is killed when the client
/// has asked for its video once, and comes back; what it printed.
boost::json::value run_client_through_kill(TcpPlace& place, const std::string& name,
                                           const std::vector<std::string>& arguments) {
    const std::string directory = place.directory.path("between");
    std::filesystem::create_directory(directory);
    const auto tell_port = [&] {
        std::ofstream(directory + "/port.new") << place.work.daemon.http_port();
        std::filesystem::rename(directory + "/port.new", directory + "/port");
    };
    const auto await_file = [&](const std::string& file) {
        await(file, [&] { return std::filesystem::exists(directory + "/" + file); });
    };
    tell_port();
    const Process relay = run_node(directory, "relay", {directory});
    await_file("relay");
    Process client = run_node(
        directory, name, arguments,
        {"MINIMAX_API_HOST=http://127.0.0.1:" + text_of_file(directory + "/relay") + "/minimax",
         "MINIMAX_API_KEY=" + place.token});
    await("a query, or the client's end",
          [&] { return std::filesystem::exists(directory + "/polled") || !client.running(); });
    // Else the kill may catch the purchase on the wire, and the job is held.
    await("its video to be bought", [&] {
        const DaemonProgram& daemon = place.work.daemon;
        return daemon.count("queued") + daemon.count("preparing") + daemon.count("submitting") == 0;
    });
    place.work.daemon.kill();
    REQUIRE(place.work.daemon.start());
    tell_port();
    std::ofstream(directory + "/restarted").flush();
    const int code = client.wait();
    CAPTURE(text_of_file(directory + "/" + name + ".err"));
    REQUIRE(code == 0);
    return boost::json::parse(text_of_file(directory + "/" + name + ".out"));
}

constexpr const char* video = R"({"model":"MiniMax-Hailuo-02","prompt":"a kite"})";

}  // namespace

TEST_CASE("what MiniMax's own MCP server sends is answered as it expects it, a kill between") {
    TcpPlace place({"--latency", "200ms"}, {});
    REQUIRE(place.work.daemon.start());
    const auto told = run_client_through_kill(place, "minimax_client", {});
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
    "MiniMax's own MCP server, which GENSPOOL_MCP names, does all it can over a killed daemon") {
    const char* const server = std::getenv("GENSPOOL_MCP");  // NOLINT(concurrency-mt-unsafe)
    if (server == nullptr) {
        MESSAGE("not run: `./run mcp` fetches it");
        return;
    }
    TcpPlace place({"--latency", "200ms"}, {});
    REQUIRE(place.work.daemon.start());
    const std::string directory = place.directory.path("mcp");
    std::filesystem::create_directory(directory);
    const auto said = run_client_through_kill(place, "mcp_session", {server, directory});
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

TEST_CASE("MiniMax's examples for curl work when host and key are changed") {
    TcpPlace place({"--latency", "50ms"}, {});
    REQUIRE(place.work.daemon.start());
    const std::string base = "http://127.0.0.1:" + place.work.daemon.http_port() + "/minimax";
    const auto ask = [&](const std::string& path, std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"--location", base + path, "--header",
                                             "Authorization: Bearer " + place.token});
        return boost::json::parse(curl(place.directory, std::move(arguments)));
    };
    const auto post = [&](const std::string& path, const std::string& body) {
        const auto answer =
            ask(path, {"--header", "Content-Type: application/json", "--data", body});
        CAPTURE(path);
        CHECK(answer.at("base_resp").at("status_code").to_number<int>() == 0);
        return answer;
    };
    const auto film = post("/v1/video_generation",
                           R"({"model":"MiniMax-Hailuo-02","prompt":"A man picks up a book",)"
                           R"("duration":6,"resolution":"1080P"})");
    const std::string query = "/v1/query/video_generation?task_id=" + text_of(film, "task_id");
    boost::json::value task;
    await("the film", [&] {
        task = ask(query, {});
        return text_of(task, "status") == "Success";
    });
    const auto file = ask("/v1/files/retrieve?GroupId=17&file_id=" + text_of(task, "file_id"), {});
    const std::string saved = place.directory.path("film.mp4");
    curl(place.directory, {"-o", saved, text_of(file.at("file"), "download_url")});
    CHECK(sha256_of_file(saved) == place.work.simulator.purchases().at(0).sha256.at(0));

    const auto speech = post(
        "/v1/t2a_v2?GroupId=17",
        R"({"model":"speech-2.8-hd","text":"Ahoy there","stream":false,"language_boost":"auto",)"
        R"("voice_setting":{"voice_id":"English_expressive_narrator","speed":1,"vol":1,"pitch":0},)"
        R"("audio_setting":{"sample_rate":32000,"bitrate":128000,"format":"mp3","channel":1}})");
    CHECK_FALSE(text_of(speech.at("data"), "audio").empty());
    const std::string recording = place.directory.path("sailor.mp3");
    std::ofstream(recording, std::ios::binary) << "ID3 a sailor";
    const auto uploaded = ask("/v1/files/upload?GroupId=17",
                              {"--form", "purpose=voice_clone", "--form", "file=@" + recording});
    post("/v1/voice_clone",
         R"({"voice_id":"sailor-of-curl","text":"Ahoy","model":"speech-2.8-hd","file_id":)" +
             boost::json::serialize(uploaded.at("file").at("file_id")) + "}");
    post("/v1/image_generation",
         R"({"model":"image-01","prompt":"a kite","aspect_ratio":"16:9","n":3,)"
         R"("response_format":"url","prompt_optimizer":true})");
    post("/v1/music_generation",
         R"({"model":"music-2.6","prompt":"a shanty","lyrics":"[verse]\nla la la",)"
         R"("audio_setting":{"sample_rate":44100,"bitrate":256000,"format":"mp3"}})");
    post("/v1/text/chatcompletion_v2",
         R"({"model":"MiniMax-M3","messages":[{"role":"system","name":"MiniMax AI",)"
         R"("content":"Be brief"},)"
         R"({"role":"user","name":"user","content":"hello"}]})");
    post("/v1/get_voice", R"({"voice_type":"all"})");
    CHECK(place.work.simulator.purchases().size() == 6);
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
    await("the note",
          [&work] { return work.daemon.api().all("/v1/jobs?unanswered=true", "jobs").empty(); });
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

TEST_CASE("the end of a stream is with the client before it is noted that he has it") {
    Workplace work;
    const std::string chat =
        R"({"model":"MiniMax-M3","stream":true,"messages":[{"role":"user","content":"a kite"}]})";
    for (const std::string place : {"intake.gateway_answered", "intake.gateway_noted"}) {
        CAPTURE(place);
        CHECK(work.daemon.start(place + ":1"));
        const ApiAnswer whole = work.daemon.api().post("/minimax/v1/chat/completions", chat);
        CHECK(whole.status == 200);
        CHECK(whole.text.find("[DONE]") != std::string::npos);
        CHECK(work.daemon.process().wait() == -SIGKILL);
    }
    // The first life had not noted it, so the second gave the same answer once more.
    REQUIRE(work.daemon.start());
    CHECK(work.simulator.purchases().size() == 1);
    CHECK(work.daemon.api().post("/minimax/v1/chat/completions", chat).status == 200);
    CHECK(work.simulator.purchases().size() == 2);
}

#endif
