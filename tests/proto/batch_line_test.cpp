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

TEST_CASE("what is written for a path with words of its own becomes a request of its kind") {
    const AdmissionWorld world;
    const auto job = parse_line(line("/v1/own_words", R"({"prompt" : "p"})"), world.context());
    REQUIRE(job.has_value());
    CHECK(job->spec.request == R"({"prompt":"p","own":true})");
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
        CHECK(job.error().message.find(':') != std::string::npos);
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
