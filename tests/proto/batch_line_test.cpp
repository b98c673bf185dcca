#include "proto/batch_line.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "tests/proto/admission_world.hpp"

using namespace genspool::proto;
using genspool::tests::AdmissionWorld;

namespace {

std::string line(std::string_view url, std::string_view body = R"({"prompt":"p"})") {
    return R"({"custom_id":"c1","method":"POST","url":")" + std::string(url) + R"(","body":)" +
           std::string(body) + "}";
}

}  // namespace

TEST_CASE("an OpenAI batch line is the job that its url names") {
    const AdmissionWorld world;
    const auto job = parse_line(line("/v1/video_generation"), world.context());

    REQUIRE(job.has_value());
    CHECK(job->spec.kind == Kind::video);
    CHECK(job->spec.custom_id == "c1");
    CHECK(job->spec.request == R"({"prompt":"p"})");
    CHECK(job->canonical == R"({"custom_id":"c1","kind":"video","request":{"prompt":"p"}})");
}

TEST_CASE("the url's path alone decides") {
    const AdmissionWorld world;
    for (const char* url : {"/v1/t2a_v2", "/v1/t2a_async_v2", "/ws/v1/t2a_v2",
                            "/v1/t2a_v2?GroupId=12", "https://api.minimax.io/v1/t2a_v2"}) {
        const auto job = parse_line(line(url), world.context());
        CAPTURE(url);
        REQUIRE(job.has_value());
        CHECK(job->spec.op == "fake.tts");
    }
}

TEST_CASE("every known url names a kind") {
    const std::pair<std::string_view, std::string_view> table[] = {
        {"/v1/video_generation", "video"},
        {"/v2/video_generation", "video"},
        {"/v1/video_template_generation", "video_template"},
        {"/v1/t2a_v2", "tts"},
        {"/v1/t2a_async_v2", "tts"},
        {"/ws/v1/t2a_v2", "tts"},
        {"/v1/image_generation", "image"},
        {"/v1/music_generation", "music"},
        {"/v2/h3_context_ir", "chat"},
        {"/v1/lyrics_generation", "lyrics"},
        {"/v1/music_cover_preprocess", "lyrics"},
        {"/v1/voice_clone", "voice_clone"},
        {"/v1/voice_design", "voice_design"},
        {"/v1/text/chatcompletion_v2", "chat"},
        {"/v1/chat/completions", "chat"},
        {"/v1/batches", "chat_batch"},
        {"/videos/create", "video"},
        {"/videos/agent-create", "video_template"},
        {"/images/create", "image"},
        {"/agent", "agent"},
        {"/speech/create", "tts"},
        {"/music/create", "music"},
        {"https://api.useapi.net/v1/minimax/videos/create", "video"},
    };
    for (const auto& [url, kind] : table) {
        const auto object = boost::json::parse(line(url)).get_object();
        REQUIRE(is_openai_line(object));
        const auto job = job_of_openai_line(object);
        REQUIRE(job.has_value());
        CHECK(std::string_view(job->at("kind").as_string()) == kind);
    }
}

TEST_CASE("a path that one provider alone has names it, unless the line does") {
    const auto provider_of = [](std::string_view more) {
        const auto job = job_of_openai_line(
            boost::json::parse(R"({"method":"POST","url":"/videos/create","body":{})" +
                               std::string(more) + "}")
                .get_object());
        return std::string(job->at("provider").as_string());
    };
    CHECK(provider_of("") == "useapi");
    CHECK(provider_of(R"(,"provider":"minimax")") == "minimax");
}

TEST_CASE("a line may carry a job's further members") {
    const AdmissionWorld world;
    const auto job = parse_line(
        R"({"method":"POST","url":"/v1/video_generation","body":{"prompt":"p"},"priority":8})",
        world.context());

    REQUIRE(job.has_value());
    CHECK(job->spec.priority == 8);
}

TEST_CASE("a refusal speaks of the body where the user wrote one") {
    const AdmissionWorld world;
    const auto refused =
        parse_line(line("/v1/video_generation", R"({"prompt":5})"), world.context());

    REQUIRE(refused.has_error());
    CHECK(refused.error() == Refused{"invalid", "body.prompt", "body.prompt must be a string"});
}

TEST_CASE("what is not JSON is refused with the byte where it ends to be") {
    const AdmissionWorld world;
    const std::pair<std::string_view, std::string_view> table[] = {
        {"", "byte 0"},
        {"   ", "byte 3"},
        {"{\"kind\":\"video\",}", "byte 16"},
        {"{\"kind\":\"video\"} x", "byte 17"},
        {"{\"kind\": video}", "byte 9"},
        {"{\"kind\":\"\xFF\"}", "byte 9"},
        {"{\"a\":1", "byte 6"},
    };
    for (const auto& [text, where] : table) {
        const auto job = parse_line(text, world.context());
        CAPTURE(text);
        REQUIRE(job.has_error());
        CHECK(job.error().code == "bad_json");
        CHECK(job.error().field.empty());
        CHECK(job.error().message.find(where) != std::string::npos);
        CAPTURE(job.error().message);
        CHECK(job.error().message.find(":") != std::string::npos);
    }
}

TEST_CASE("32 levels are deep enough, 33 are not JSON to us") {
    const AdmissionWorld world;
    const auto nested = [](std::size_t levels) {
        return R"({"kind":"video","request":{"prompt":"p","x":)" + std::string(levels, '[') +
               std::string(levels, ']') + "}}";
    };
    CHECK(parse_line(nested(30), world.context()).has_value());
    CHECK(parse_line(nested(31), world.context()).error().code == "bad_json");
}

TEST_CASE("a large request is read as well as a small one") {
    const AdmissionWorld world;
    const std::string prompt(300'000, 'x');
    const auto job = parse_line(line("/v1/video_generation", R"({"prompt":")" + prompt + "\"}"),
                                world.context());

    REQUIRE(job.has_value());
    CHECK(job->spec.request.size() == prompt.size() + 13);
}
