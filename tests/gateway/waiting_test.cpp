// Calls that hold the connection until their job has ended.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <string>

#include "proto/base64.hpp"
#include "tests/gateway/gateway_world.hpp"
#include "workers/digest.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

std::string sold(const GatewayWorld& world, std::size_t purchase = 0, std::size_t file = 0) {
    return world.upstream.records().truths().at(purchase).artifacts.at(file).sha256;
}

std::string loaded(const GatewayWorld& world, const std::string& url) {
    const ApiReply reply = world.daemon.tcp_client("").get(path_of(url));
    CHECK(reply.status == 200);
    return workers::sha256_hex(reply.body);
}

}  // namespace

TEST_CASE("speech comes as hex, or as an address where that is asked for") {
    GatewayWorld world;
    auto client = world.alice();
    const ApiReply hex = client.post("/minimax/v1/t2a_v2?GroupId=9", speech("ahoy"));
    REQUIRE(code_of(hex) == 0);
    CHECK(workers::sha256_hex(from_hex(at(hex, "data.audio"))) == sold(world));
    CHECK(at(hex, "data.status") == "2");
    CHECK(at(hex, "extra_info.usage_characters") == "4");
    const ApiReply url =
        client.post("/minimax/v1/t2a_v2", speech("ahoy", R"(,"output_format":"url")"));
    REQUIRE(code_of(url) == 0);
    CHECK(loaded(world, at(url, "data.audio")) == sold(world, 1));
    CHECK(client.get("/v1/jobs?unanswered=true").json().at("jobs").as_array().empty());
}

TEST_CASE("streamed speech is a few events, its audio once or twice") {
    GatewayWorld world;
    auto client = world.alice();
    const ApiReply whole = client.post("/minimax/v1/t2a_v2", speech("ahoy", R"(,"stream":true)"));
    CHECK(whole.headers.at("content-type") == "text/event-stream");
    const std::string mark = "\n\ndata: ";
    const std::size_t first = whole.body.find("data: ");
    const std::size_t second = whole.body.find(mark, first);
    REQUIRE(second != std::string::npos);
    const auto event = boost::json::parse(whole.body.substr(first + 6, second - first - 6));
    CHECK(event.at("data").at("status").as_int64() == 1);
    CHECK(workers::sha256_hex(from_hex(std::string(event.at("data").at("audio").as_string()))) ==
          sold(world));
    const auto last = boost::json::parse(
        whole.body.substr(second + mark.size(), whole.body.rfind("\n\n") - second - mark.size()));
    CHECK(last.at("data").at("status").as_int64() == 2);
    CHECK(last.at("data").at("audio") == event.at("data").at("audio"));
    const ApiReply refusal = client.post("/minimax/v1/t2a_v2", R"({"stream":true})");
    CHECK(refusal.headers.at("content-type") == "application/json");
    CHECK(code_of(refusal) == 2013);
    const ApiReply failed =
        client.post("/minimax/v1/t2a_v2", speech("[[refuse:1042]]", R"(,"stream":true)"));
    CHECK(failed.body.find("\"status_code\":1042") != std::string::npos);
}

TEST_CASE("music comes as speech does, lyrics as words") {
    GatewayWorld world;
    auto client = world.alice();
    const ApiReply song =
        client.post("/minimax/v1/music_generation",
                    R"({"model":"music-2.6","prompt":"a shanty of the sea","lyrics":"la la la"})");
    REQUIRE(code_of(song) == 0);
    CHECK(workers::sha256_hex(from_hex(at(song, "data.audio"))) == sold(world));
    CHECK(song.json().at("extra_info").as_object().contains("music_duration"));
    const ApiReply lyrics = client.post("/minimax/v1/lyrics_generation",
                                        R"({"mode":"write_full_song","prompt":"the sea"})");
    CHECK(code_of(lyrics) == 0);
    CHECK_FALSE(at(lyrics, "lyrics").empty());
}

TEST_CASE("pictures come as addresses unless base64 is asked for") {
    GatewayWorld world;
    auto client = world.alice();
    const ApiReply urls = client.post("/minimax/v1/image_generation",
                                      R"({"model":"image-01","prompt":"a kite","n":2})");
    REQUIRE(code_of(urls) == 0);
    const auto answer = urls.json();
    REQUIRE(answer.at("data").at("image_urls").as_array().size() == 2);
    for (std::size_t n = 0; n < 2; ++n) {
        const std::string url(answer.at("data").at("image_urls").at(n).as_string());
        CHECK(loaded(world, url) == sold(world, 0, n));
    }
    CHECK(at(urls, "metadata.success_count") == "2");
    const ApiReply bytes =
        client.post("/minimax/v1/image_generation",
                    R"({"model":"image-01","prompt":"a kite","response_format":"base64"})");
    const std::string base64(bytes.json().at("data").at("image_base64").at(0).as_string());
    CHECK(workers::sha256_hex(proto::base64_decode(base64).value()) == sold(world, 1));
}

TEST_CASE("a chat is answered whole and in chunks, in either dialect") {
    GatewayWorld world;
    auto client = world.alice();
    const std::string asked =
        R"({"model":"MiniMax-M2.5","messages":[{"role":"user","content":"hello"}])";
    const ApiReply own = client.post("/minimax/v1/text/chatcompletion_v2", asked + "}");
    CHECK(code_of(own) == 0);
    const ApiReply openai = client.post("/minimax/v1/chat/completions", asked + "}");
    CHECK(at(openai, "object") == "chat.completion");
    const std::string said(
        openai.json().at("choices").at(0).at("message").at("content").as_string());
    CHECK_FALSE(said.empty());
    const ApiReply chunks =
        client.post("/minimax/v1/chat/completions", asked + R"(,"stream":true})");
    CHECK(chunks.body.find("chat.completion.chunk") != std::string::npos);
    CHECK(chunks.body.ends_with("data: [DONE]\n\n"));
    const ApiReply refused = client.post("/minimax/v1/chat/completions", R"({"model":"m"})");
    CHECK(refused.status == 400);
    CHECK(at(refused, "error.message").find("messages") != std::string::npos);
}

TEST_CASE("a completion too long for a job's result is told all the same") {
    GatewayWorld world;
    auto client = world.alice();
    const std::string words(60'000, 'w');
    const std::string asked =
        R"({"model":"MiniMax-M2.5","messages":[{"role":"user","content":")" + words + "\"}]";
    const ApiReply own = client.post("/minimax/v1/text/chatcompletion_v2", asked + "}");
    CHECK(code_of(own) == 0);
    CHECK_FALSE(own.json().at("choices").as_array().empty());
}

TEST_CASE("a voice is designed, and a failure told by its code") {
    GatewayWorld world;
    auto client = world.alice();
    const ApiReply voice =
        client.post("/minimax/v1/voice_design", R"({"prompt":"a sailor","preview_text":"ahoy"})");
    CHECK(code_of(voice) == 0);
    CHECK(at(voice, "voice_id").starts_with("ttv-voice-"));
    CHECK(workers::sha256_hex(from_hex(at(voice, "trial_audio"))) == sold(world));
    const ApiReply failed = client.post("/minimax/v1/t2a_v2", speech("a [[refuse:1026]]"));
    CHECK(failed.status == 200);
    CHECK(code_of(failed) == 1026);
}
