#include "proto/minimax/provider.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "proto/batch_line.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

std::string chosen(Kind kind, std::string_view request) {
    const auto codec = minimax_provider().choose(kind, object(request));
    if (!codec.has_value()) return codec.error().code + " " + codec.error().field;
    return std::string{codec.value()->info().name};
}

const Price* price(std::string_view key) {
    const auto prices = minimax_provider().prices();
    const auto found =
        std::find_if(prices.begin(), prices.end(), [&](const Price& p) { return p.key == key; });
    return found != prices.end() ? &*found : nullptr;
}

}  // namespace

TEST_CASE("each kind has its op, and what is not built is refused by name") {
    CHECK(chosen(Kind::video, R"({"model":"MiniMax-Hailuo-02"})") == "minimax.video_v1");
    CHECK(chosen(Kind::video, "{}") == "minimax.video_v1");
    CHECK(chosen(Kind::video, R"({"model":"MiniMax-H3-Max"})") == "minimax.video_v2");
    CHECK(chosen(Kind::video_template, "{}") == "minimax.video_template");
    CHECK(chosen(Kind::tts, "{}") == "minimax.t2a_v2");
    const std::string text(10'000, 'a');
    CHECK(chosen(Kind::tts, R"({"text":")" + text.substr(1) + "\"}") == "minimax.t2a_v2");
    CHECK(chosen(Kind::tts, R"({"text":")" + text + "\"}") == "minimax.t2a_async_v2");
    CHECK(chosen(Kind::tts, R"({"text":")" + std::string(50'000, 'a') + "\"}") ==
          "minimax.t2a_async_v2");
    CHECK(chosen(Kind::tts, R"({"text":")" + std::string(50'001, 'a') + "\"}") == "minimax.t2a_ws");
    CHECK(chosen(Kind::tts, R"({"text":"a","continuous_sound":false})") == "minimax.t2a_ws");
    CHECK(chosen(Kind::tts, R"({"text_file_id":7})") == "minimax.t2a_async_v2");
    CHECK(chosen(Kind::tts, R"({"text":"a","text_file_id":null})") == "minimax.t2a_v2");
    CHECK(chosen(Kind::image, "{}") == "minimax.image");
    CHECK(chosen(Kind::music, "{}") == "minimax.music");
    CHECK(chosen(Kind::lyrics, "{}") == "minimax.lyrics");
    CHECK(chosen(Kind::lyrics, R"({"model":"music-cover-free"})") ==
          "minimax.music_cover_preprocess");
    CHECK(chosen(Kind::chat, "{}") == "minimax.chat");
    CHECK(chosen(Kind::chat, R"({"model":"MiniMax-H3"})") == "minimax.h3_context_ir");
    CHECK(chosen(Kind::voice_design, "{}") == "minimax.voice_design");
    CHECK(chosen(Kind::voice_clone, "{}") == "minimax.voice_clone");
    CHECK(chosen(Kind::chat_batch, "{}") == "minimax.chat_batch");
    CHECK(chosen(Kind::agent, "{}") == "not_available kind");
}

TEST_CASE("every op names a slot class of the provider and can be spooled or polled") {
    std::set<std::string_view> classes;
    for (const SlotClass& each : minimax_provider().slot_classes()) {
        classes.insert(each.name);
        CHECK(each.slots > 0);
        CHECK(each.rpm > 0);
    }
    std::set<std::string_view> names;
    for (const Codec* codec : minimax_provider().codecs()) {
        const OpInfo& op = codec->info();
        CAPTURE(op.name);
        CHECK(names.insert(op.name).second);
        CHECK(op.provider == "minimax");
        CHECK(classes.contains(op.slot_class));
        const bool has_task = op.kind == Kind::video || op.kind == Kind::video_template ||
                              op.kind == Kind::chat_batch || op.name == "minimax.h3_context_ir" ||
                              op.name == "minimax.t2a_async_v2";
        CHECK(op.reply_is_artifact != has_task);
        const bool listed = op.name == "minimax.video_v2" || op.name == "minimax.chat_batch";
        CHECK((op.unknown_window != Duration{0}) == listed);
        const Call call = codec->submit(spec(R"({"model":"m"})"));
        const bool in_session = codec->open(spec(R"({"model":"m"})")) != nullptr;
        CHECK(call.method == (in_session ? "GET" : "POST"));
        CHECK(call.reply_bytes_max >= (1U << 20U));
        CHECK(call.first_byte < op.patience);
    }
}

TEST_CASE("a batch line may be for the path of any op") {
    const auto kind_of_line = [](const std::string& path) {
        const auto job = job_of_openai_line({{"custom_id", "c"},
                                             {"method", "POST"},
                                             {"url", path},
                                             {"body", boost::json::object()}},
                                            Registry({&minimax_provider()}));
        return job.has_value() ? std::string(job->at("kind").as_string()) : job.error().message;
    };
    for (const Codec* codec : minimax_provider().codecs()) {
        for (const char* request : {R"({"model":"m"})", R"({"model":"m","source_task_id":"1"})"}) {
            const Call call = codec->submit(spec(request));
            CAPTURE(call.target);
            CHECK(kind_of_line(call.target) == to_string(codec->info().kind));
        }
    }
    CHECK(kind_of_line("/v1/speech_to_text") != "tts");
}

TEST_CASE("list prices are found under the keys that the ops give") {
    REQUIRE(price("minimax.video_v1/MiniMax-Hailuo-02/1080P/6") != nullptr);
    CHECK(price("minimax.video_v1/MiniMax-Hailuo-02/1080P/6")->micros == 490'000);
    REQUIRE(price("minimax.t2a_v2/speech-2.8-hd") != nullptr);
    CHECK(price("minimax.t2a_v2/speech-2.8-hd")->per == 1'000'000);
    REQUIRE(price("minimax.image/image-01") != nullptr);
    CHECK(price("minimax.image/image-01")->micros == 3'500);
    CHECK(price("minimax.lyrics") != nullptr);
    CHECK(minimax_provider().prices_as_of() == "2026-08");
}

TEST_CASE("every video price belongs to a request that passes") {
    for (const Price& each : minimax_provider().prices()) {
        const std::string key{each.key};
        const std::string op = "minimax.video_v1/";
        if (!key.starts_with(op)) continue;
        const std::size_t model_end = key.find('/', op.size());
        const std::size_t resolution_end = key.find('/', model_end + 1);
        boost::json::object request;
        request["model"] = key.substr(op.size(), model_end - op.size());
        request["resolution"] = key.substr(model_end + 1, resolution_end - model_end - 1);
        request["duration"] = std::stoi(key.substr(resolution_end + 1));
        request["first_frame_image"] = "https://example.com/a.png";
        CAPTURE(key);
        const auto codec = minimax_provider().choose(Kind::video, request).value();
        CHECK(codec->check(request).value().price_key == key);
    }
}

TEST_CASE("the key goes into one header, the group id into the query") {
    const Provider& provider = minimax_provider();
    const auto headers = provider.authorize("secret");
    REQUIRE(headers.size() == 1);
    CHECK(headers[0].first == "Authorization");
    CHECK(headers[0].second == "Bearer secret");
    const auto addressed = [&](std::string target, std::string_view group) {
        Call call;
        call.target = std::move(target);
        provider.address(call, group);
        return call.target;
    };
    CHECK(addressed("/v1/t2a_v2", "") == "/v1/t2a_v2");
    CHECK(addressed("/v1/t2a_v2", "30 1") == "/v1/t2a_v2?GroupId=30%201");
    CHECK(addressed("/v1/q?task_id=1", "301") == "/v1/q?task_id=1&GroupId=301");
    CHECK(provider.unit() == Unit::usd);
    CHECK(provider.default_base_url() == "https://api.minimax.io");
}
