// Every op as people use it: by the command line, and by a dropped file.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"
#include "tests/support/await.hpp"
#include "workers/digest.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

struct Order {
    std::string op;
    std::string kind;
    std::string request;
};

std::vector<Order> minimax_orders() {
    return {
        {"minimax.chat", "chat",
         R"({"model":"MiniMax-M3","messages":[{"role":"user","content":"a kite"}]})"},
        {"minimax.chat", "chat",
         R"({"model":"MiniMax-M3","stream":false,"messages":[{"role":"user","content":[)"
         R"({"type":"image_url","image_url":{"url":{"$file":"inputs/kite.png"}}}]}]})"},
        {"minimax.chat_batch", "chat_batch", R"({"input_file_id":{"$file":"inputs/chats.jsonl"}})"},
        {"minimax.chat", "chat",
         R"({"model":"MiniMax-M3","messages":[{"role":"user","content":[)"
         R"({"type":"video_url","video_url":{"url":{"$file":"inputs/kite.mp4"}}}]}]})"},
        {"minimax.h3_context_ir", "chat",
         R"({"model":"MiniMax-H3","duration":4,"content":[{"type":"text","text":"a kite"}]})"},
        {"minimax.image", "image", R"({"model":"image-01","n":9,"prompt":"a kite"})"},
        {"minimax.lyrics", "lyrics", R"({"mode":"write_full_song","prompt":"a kite"})"},
        {"minimax.music", "music", R"({"model":"music-2.6","lyrics":"la","prompt":"a kite"})"},
        {"minimax.music", "music",
         R"({"model":"music-cover","stream":true,"prompt":"as a waltz","audio_base64":"SUQz"})"},
        {"minimax.music", "music",
         R"({"model":"music-01","refer_voice":{"$file":"inputs/sailor.mp3"}})"},
        {"minimax.music_cover_preprocess", "lyrics",
         R"({"model":"music-cover","audio_base64":{"$file":"inputs/sailor.mp3"}})"},
        {"minimax.t2a_async_v2", "tts",
         R"({"model":"speech-2.8-hd","voice_setting":{"voice_id":"v"},"text":")" +
             std::string(20'000, 'a') + "\"}"},
        {"minimax.t2a_v2", "tts",
         R"({"model":"speech-2.8-hd","voice_setting":{"voice_id":"v"},"text":"a kite"})"},
        {"minimax.t2a_v2", "tts",
         R"({"model":"speech-2.8-hd","voice_setting":{"voice_id":"v"},"stream":true,)"
         R"("text":"a kite"})"},
        {"minimax.t2a_ws", "tts",
         R"({"model":"speech-2.8-hd","voice_setting":{"voice_id":"v"},"continuous_sound":true,)"
         R"("text":"a kite"})"},
        {"minimax.video_template", "video_template",
         R"({"template_id":"394125185182695432","text_inputs":[{"value":"a kite"}]})"},
        {"minimax.video_v1", "video",
         R"({"model":"MiniMax-Hailuo-02","prompt":"a kite",)"
         R"("first_frame_image":"https://example.com/a.png",)"
         R"("last_frame_image":"https://example.com/z.png"})"},
        {"minimax.video_v1", "video",
         R"({"model":"MiniMax-Hailuo-02","prompt":"a kite",)"
         R"("first_frame_image":{"$file":"inputs/kite.png"}})"},
        {"minimax.video_v1", "video",
         R"({"model":"S2V-01","prompt":"a kite","subject_reference":[{"type":"character",)"
         R"("image":[{"$file":"inputs/kite.png"}]}]})"},
        {"minimax.video_v2", "video",
         R"({"model":"MiniMax-H3","resolution":"2K","duration":4,"ratio":"16:9",)"
         R"("content":[{"type":"text","text":"a kite"}]})"},
        {"minimax.video_v2", "video",
         R"({"model":"MiniMax-H3","resolution":"768P","duration":4,"ratio":"16:9",)"
         R"("content":[{"type":"text","text":"a kite"},{"type":"video_url",)"
         R"("video_url":{"url":{"$file":"inputs/kite.mp4"}}}]})"},
        {"minimax.voice_clone", "voice_clone",
         R"({"voice_id":"old-sailor","model":"speech-2.8-hd","text":"up!",)"
         R"("file_id":{"$file":"inputs/sailor.mp3"}})"},
        {"minimax.voice_clone", "voice_clone",
         R"({"voice_id":"young-sailor","file_id":{"$file":"inputs/sailor.mp3"},)"
         R"("clone_prompt":{"prompt_audio":{"$file":"inputs/sailor.mp3"},"prompt_text":"ahoy"}})"},
        {"minimax.voice_design", "voice_design", R"({"prompt":"a kite","preview_text":"up!"})"},
    };
}

std::vector<Order> useapi_orders() {
    return {
        {"useapi.agent", "agent", R"({"prompt":"a kite [[attachments:3]]","models":"hailuo-2.3"})"},
        {"useapi.agent", "agent",
         R"({"prompt":"a kite","models":"hailuo-2.3","file":[{"$file":"inputs/kite.png"}]})"},
        {"useapi.image", "image", R"({"quantity":4,"prompt":"a kite"})"},
        {"useapi.image", "image",
         R"({"model":"nano-banana-2","prompt":"as @Image1","referenceFileId1":)"
         R"({"$file":"inputs/kite.png"}})"},
        {"useapi.music", "music", R"({"prompt":"a kite [[tracks:2]]","lyrics":"la"})"},
        {"useapi.speech", "tts", R"({"voice_id":"209533299589184","text":"a kite"})"},
        {"useapi.video", "video", R"({"model":"02","prompt":"a kite"})"},
        {"useapi.video", "video",
         R"({"model":"02","options":"768p-6sec","fileID":{"$file":"inputs/kite.png"},)"
         R"("end_frame_fileID":{"$file":"inputs/end.png"}})"},
        {"useapi.video", "video",
         R"({"model":"Seedance-2.0","prompt":"a kite","videoFileID1":{"$file":"inputs/kite.mp4"},)"
         R"("audioFileID1":{"$file":"inputs/sailor.mp3"}})"},
        {"useapi.video_template", "video_template",
         R"({"templateId":"393769180141805569","prompt":"a kite",)"
         R"("fileID":{"$file":"inputs/kite.png"}})"},
    };
}

std::vector<Order> orders_of(const std::string& provider) {
    return provider == "useapi" ? useapi_orders() : minimax_orders();
}

DaemonSettings account_at(const std::string& provider) {
    DaemonSettings settings;
    settings.provider = provider;
    if (provider == "useapi") {
        settings.key = "user:1-of-this-test";
        settings.account += "upstream_account = \"301\"\n";
    }
    return settings;
}

/// The files that some of them name.
void put_inputs(const std::string& directory) {
    std::filesystem::create_directories(directory + "/inputs");
    std::ofstream(directory + "/inputs/sailor.mp3", std::ios::binary) << "ID3 ahoy";
    std::ofstream(directory + "/inputs/kite.png", std::ios::binary) << "\x89PNG\r\n\x1a\n a kite";
    std::ofstream(directory + "/inputs/end.png", std::ios::binary) << "\x89PNG\r\n\x1a\n its end";
    std::ofstream(directory + "/inputs/kite.mp4", std::ios::binary) << std::string(
        "\0\0\0\x18"
        "ftypmp42 a kite",
        19);
    std::ofstream(directory + "/inputs/chats.jsonl")
        << R"({"custom_id":"a","method":"POST","url":"/v1/text/chatcompletion_v2","body":)"
           R"({"model":"MiniMax-M3","messages":[{"role":"user","content":"a kite"}]}})"
           "\n"
           R"({"custom_id":"b","method":"POST","url":"/v1/text/chatcompletion_v2","body":)"
           R"({"model":"MiniMax-M3","messages":[{"role":"user","content":"[[fail:1027]]"}]}})";
}

std::string sha256_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)),
                            std::istreambuf_iterator<char>());
    return workers::sha256_hex(bytes);
}

/// The hashes of all that was sold, and of all that lies there.
std::multiset<std::string> sold(const SimulatorProgram& simulator) {
    std::multiset<std::string> hashes;
    for (const Purchase& purchase : simulator.purchases())
        hashes.insert(purchase.sha256.begin(), purchase.sha256.end());
    return hashes;
}

std::multiset<std::string> at_home(const DaemonProgram& daemon) {
    std::multiset<std::string> hashes;
    for (const std::string& file : files_below(daemon.state("artifacts")))
        hashes.insert(sha256_of(file));
    return hashes;
}

}  // namespace

namespace {

void run_each(const std::string& provider) {
    const std::vector<Order> own = orders_of(provider);
    Workplace place({"--latency", "50ms"}, account_at(provider));
    place.daemon.start();
    put_inputs(place.directory.path(""));
    for (const Order& order : own) {
        CAPTURE(order.op);
        const std::string request = place.directory.path(order.op);
        std::string body = order.request;
        // The watch folder's paths lie beneath it, the command line's wherever they say.
        const std::string where = place.directory.path("");
        for (auto at = body.find("inputs/"); at != std::string::npos;
             at = body.find("inputs/", at + where.size() + 1))
            body.insert(at, where);
        std::ofstream(request) << body;
        const auto run = run_client(place.daemon, {"run", order.kind, "--request", request});
        CHECK(run.code == 0);
        CHECK_FALSE(run.out.empty());
    }
    CHECK(place.simulator.purchases().size() == own.size());
    CHECK(at_home(place.daemon) == sold(place.simulator));
    std::set<std::string> ops;
    for (const auto& job : place.daemon.api().all("/v1/jobs", "jobs"))
        ops.insert(text_of(job, "op"));
    for (const Order& order : own)
        CHECK(ops.contains(order.op));
}

void drop_all(const std::string& provider, const std::string& more_lines, std::size_t more) {
    const std::vector<Order> own = orders_of(provider);
    Workplace place({"--latency", "50ms"}, account_at(provider));
    place.daemon.start();
    put_inputs(place.daemon.state("inbox"));
    std::string lines = more_lines;
    for (std::size_t n = 0; n < own.size(); ++n) {
        lines += R"({"kind":")" + own[n].kind + R"(","custom_id":")" + own[n].op + "/" +
                 std::to_string(n) + R"(","request":)" + own[n].request + "}\n";
    }
    place.daemon.drop("all.jsonl", lines);
    await("the results",
          [&] { return std::filesystem::exists(place.daemon.state("results/all.done")); });
    std::set<std::string> succeeded;
    std::ifstream results(place.daemon.state("results/all.jsonl"));
    for (std::string line; std::getline(results, line);) {
        const auto result = boost::json::parse(line);
        CAPTURE(line);
        CHECK(text_of(result.at("response").at("body"), "state") == "succeeded");
        succeeded.insert(text_of(result, "custom_id"));
    }
    CHECK(succeeded.size() == own.size() + more);
    CHECK(at_home(place.daemon) == sold(place.simulator));
}

}  // namespace

TEST_CASE("every op of minimax runs from the command line, and all that it sells comes home") {
    run_each("minimax");
}

TEST_CASE("every op of useapi runs from the command line, and all that it sells comes home") {
    run_each("useapi");
}

TEST_CASE("every op of minimax runs from a dropped file, and its results tell of each") {
    drop_all("minimax",
             R"({"custom_id":"as-openai","method":"POST","url":"/v1/chat/completions",)"
             R"("body":{"model":"MiniMax-M3","messages":[{"role":"user","content":"hi"}]}})"
             "\n",
             1);
}

TEST_CASE("every op of useapi runs from a dropped file, and its results tell of each") {
    drop_all("useapi", "", 0);
}
