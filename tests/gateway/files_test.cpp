// Uploads, what is made of them, and the free calls that go to an account.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <string>

#include "tests/gateway/gateway_world.hpp"
#include "workers/base64.hpp"
#include "workers/digest.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

ApiReply upload(ApiClient& client, const std::string& purpose, const std::string& filename,
                const std::string& bytes) {
    const std::string body =
        "--B\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n" + purpose +
        "\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + filename +
        "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + bytes + "\r\n--B--\r\n";
    return client.post("/minimax/v1/files/upload", body,
                       {{"Content-Type", "multipart/form-data; boundary=B"}});
}

const std::string recording = "ID3 a sailor, recorded at sea";

}  // namespace

TEST_CASE("a recording is uploaded, named by its number, and cloned; over a restart, too") {
    GatewayWorld world;
    auto client = world.alice();
    const ApiReply uploaded = upload(client, "voice_clone", "sailor.mp3", recording);
    REQUIRE(code_of(uploaded) == 0);
    CHECK(uploaded.json().at("file").at("file_id").is_int64());
    CHECK(uploaded.json().at("file").at("file_id").as_int64() < 1LL << 53);
    CHECK(at(uploaded, "file.bytes") == std::to_string(recording.size()));
    CHECK(at(uploaded, "file.filename") == "sailor.mp3");
    const std::string id = at(uploaded, "file.file_id");
    world.daemon.restart();
    auto later = world.alice();
    const ApiReply voice =
        later.post("/minimax/v1/voice_clone", R"({"file_id":)" + id +
                                                  R"(,"voice_id":"sailor-1","text":"ahoy",)"
                                                  R"("model":"speech-2.8-hd"})");
    REQUIRE(code_of(voice) == 0);
    CHECK(world.daemon.tcp_client("").get(path_of(at(voice, "demo_audio"))).status == 200);
    CHECK(world.upstream.records().truths().at(0).files.at(0) == workers::sha256_hex(recording));
}

TEST_CASE("what a job has made is named by its number; what is not upstream yet is refused by it") {
    GatewayWorld world;
    auto client = world.alice();
    const std::string task =
        at(client.post("/minimax/v1/video_generation", film("a kite")), "task_id");
    const auto done = world.await_task("/minimax/v1/query/video_generation?task_id=" + task);
    const auto h3 = [](const std::string& content) {
        return R"({"model":"MiniMax-H3","resolution":"768P","duration":4,"ratio":"16:9",)"
               R"("content":[{"type":"text","text":"a kite"})" +
               content + "]}";
    };
    const ApiReply again = client.post("/minimax/v2/video_generation",
                                       h3(R"(,{"type":"video_url","video_url":{"url":"mm_file://)" +
                                          std::string(done.at("file_id").as_string()) + "\"}}"));
    CAPTURE(again.body);
    REQUIRE(again.status == 200);
    world.await_task("/minimax/v2/query/video_generation/" + at(again, "task_id"));
    CHECK(world.upstream.records().truths().at(1).files.at(0) ==
          world.upstream.records().truths().at(0).artifacts.at(0).sha256);

    world.pause();
    const std::string waiting = at(client.post("/minimax/v2/video_generation", h3("")), "task_id");
    const ApiReply early =
        client.post("/minimax/v2/video_regeneration",
                    R"({"source_task_id":")" + waiting + R"(","resolution":"2K"})");
    CHECK(early.status == 400);
    CHECK(early.body.find("not at the upstream yet") != std::string::npos);
}

TEST_CASE("a body of very many values is refused before it is taken apart") {
    GatewayWorld world;
    auto client = world.alice();
    std::string body = R"({"model":"MiniMax-M3","messages":["\"[[[\\\"")";
    for (int n = 0; n < 200'000; ++n)
        body += ",1";
    const ApiReply reply = client.post("/minimax/v1/text/chatcompletion_v2", body + "]}");
    CHECK(code_of(reply) == 2013);
    CHECK(words_of(reply).find("too many values") != std::string::npos);
}

TEST_CASE("values are counted rightly behind escaped quotes and backslashes") {
    GatewayWorld world;
    auto client = world.alice();
    std::string ones;
    for (int n = 0; n < 200'000; ++n)
        ones += ",1";
    for (const std::string text : {R"("\"")", R"("\\")", R"("\\\"")", R"("\"a\"b\"")"}) {
        CAPTURE(text);
        const ApiReply reply =
            client.post("/minimax/v1/text/chatcompletion_v2",
                        R"({"model":"MiniMax-M3","messages":[)" + text + ones + "]}");
        CHECK(code_of(reply) == 2013);
        CHECK(words_of(reply).find("too many values") != std::string::npos);
    }
    // Commas in a text are no values.
    const std::string commas(250'000, ',');
    const ApiReply reply = client.post("/minimax/v1/video_generation", film(R"(a \" )" + commas));
    CHECK(words_of(reply).find("too many values") == std::string::npos);
}

TEST_CASE("uploads are listed by purpose, told of, and deleted by who made them") {
    GatewayWorld world;
    auto client = world.alice();
    const std::string one = at(upload(client, "voice_clone", "one.mp3", recording), "file.file_id");
    const std::string two =
        at(upload(client, "prompt_audio", "two.mp3", recording), "file.file_id");
    CHECK(one != two);
    const ApiReply list = client.get("/minimax/v1/files/list?purpose=voice_clone");
    REQUIRE(list.json().at("files").as_array().size() == 1);
    CHECK(list.json().at("files").at(0).at("filename").as_string() == "one.mp3");
    CHECK(at(client.get("/minimax/v1/files/retrieve?file_id=" + two), "file.purpose") ==
          "prompt_audio");
    const std::string body = R"({"file_id":)" + one + R"(,"purpose":"voice_clone"})";
    CHECK(code_of(world.as("bob").post("/minimax/v1/files/delete", body)) == 1004);
    CHECK(at(client.post("/minimax/v1/files/delete", body), "file_id") == one);
    CHECK(code_of(client.post("/minimax/v1/files/delete", body)) == 2013);
    CHECK(code_of(client.get("/minimax/v1/files/retrieve?file_id=" + one)) == 2013);
    CHECK(client.get("/minimax/v1/files/list?purpose=voice_clone")
              .json()
              .at("files")
              .as_array()
              .empty());
    CHECK(code_of(client.get("/minimax/v1/files/list")) == 2013);
}

TEST_CASE("an upload that is none is refused with a reason") {
    GatewayWorld world;
    auto client = world.alice();
    CHECK(code_of(client.post("/minimax/v1/files/upload", recording)) == 2013);
    CHECK(words_of(upload(client, "voice_clone", "a.mp3", "")).find("file") != std::string::npos);
    CHECK(words_of(upload(client, "", "a.mp3", "x")).find("purpose") != std::string::npos);
    const ApiReply unknown = client.post("/minimax/v1/voice_clone",
                                         R"({"file_id":4503599627370511,"voice_id":"sailor-1"})");
    // It may be one that the account has: only the upstream can say that it is not.
    CHECK(code_of(unknown) == 2013);
}

TEST_CASE("a picture in the body is kept as a file, and sent on as it came") {
    GatewayWorld world;
    auto client = world.alice();
    const std::string picture = "\x89PNG\r\n\x1A\n" + std::string(2'000'000, 'p');
    std::string base64;
    workers::append_base64(base64, picture);
    const ApiReply created = client.post(
        "/minimax/v1/video_generation",
        R"({"model":"MiniMax-Hailuo-02","prompt":"a","first_frame_image":"data:image/png;base64,)" +
            base64 + "\"}");
    REQUIRE(code_of(created) == 0);
    world.await_task("/minimax/v1/query/video_generation?task_id=" + at(created, "task_id"));
    CHECK(world.upstream.records().truths().at(0).files.at(0) == workers::sha256_hex(picture));
}

TEST_CASE("a batch of chats is made of an upload, asked for, and its answers loaded") {
    GatewayWorld world;
    auto client = world.alice();
    const std::string line =
        R"({"custom_id":"one","method":"POST","url":"/v1/text/chatcompletion_v2",)"
        R"("body":{"model":"MiniMax-M2.5","messages":[{"role":"user","content":"hello"}]}})";
    const std::string file =
        at(upload(client, "batch", "lines.jsonl", line + "\n"), "file.file_id");
    const ApiReply created =
        client.post("/minimax/v1/batches",
                    R"({"input_file_id":")" + file +
                        R"(","endpoint":"/v1/text/chatcompletion_v2","completion_window":"24h"})");
    CHECK(at(created, "object") == "batch");
    CHECK(at(created, "input_file_id") == file);
    const auto done = world.await_task("/minimax/v1/batches/" + at(created, "id"));
    const std::string output(done.at("output_file_id").as_string());
    const ApiReply answers = client.get("/minimax/v1/files/retrieve_content?file_id=" + output);
    CHECK(answers.body.find("\"one\"") != std::string::npos);
    const ApiReply list = client.get("/minimax/v1/batches?limit=5");
    CHECK(list.json().at("data").as_array().size() == 1);
    // Of one that has ended a cancel changes nothing.
    const ApiReply again = client.post("/minimax/v1/batches/" + at(created, "id") + "/cancel", "");
    CHECK(at(again, "status") == "completed");
}

TEST_CASE("voices are asked of the only account, or of the one that is named") {
    GatewayWorld world;
    const ApiReply voices = world.alice().post("/minimax/v1/get_voice", R"({"voice_type":"all"})");
    CHECK(code_of(voices) == 0);
    CHECK_FALSE(voices.json().at("system_voice").as_array().empty());
    const std::string gone = R"({"voice_type":"voice_cloning","voice_id":"nobody"})";
    CHECK(code_of(world.alice().post("/minimax/v1/delete_voice", gone)) == 1004);
    CHECK(world.alice().get("/minimax/v1/models").status == 200);

    GatewayWorld two([](daemon::Config& config) {
        GatewayWorld::add_account(config, "other", config.accounts.front().base_url, "sk-other");
        GatewayWorld::add_account(config, "twin", config.accounts.front().base_url, "sk-other");
    });
    const ApiReply which = two.alice().post("/minimax/v1/get_voice", "{}");
    CHECK(code_of(which) == 2013);
    CHECK(words_of(which).find("main, other") != std::string::npos);
    CHECK(code_of(two.alice().post("/minimax/v1/get_voice?account=main", "{}")) == 0);
}
