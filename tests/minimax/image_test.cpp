#include "proto/minimax/image.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

const Codec& codec() {
    return minimax::image();
}

constexpr std::string_view cat = R"({"model":"image-01","prompt":"a cat"})";
constexpr std::string_view fine = R"("base_resp":{"status_code":0,"status_msg":"success"}})";

std::string checked(std::string_view change) {
    return verdict(codec(), changed(object(cat), change));
}

Reply pictures(std::string_view data, std::string_view counts) {
    return ok(R"({"id":"03ff","data":)" + std::string{data} + R"(,"metadata":)" +
              std::string{counts} + "," + std::string{fine});
}

SubmitOutcome submitted(int n, const Reply& reply) {
    return codec().on_submit(
        spec(R"({"model":"image-01","prompt":"a","n":)" + std::to_string(n) + "}"), reply);
}

}  // namespace

TEST_CASE("a wrong image request is refused by the name of its field") {
    struct Case {
        std::string_view change;
        std::string_view verdict;
    };
    const Case cases[] = {
        {"{}", ""},
        {R"({"model":null})", "missing request.model"},
        {R"({"prompt":null})", "missing request.prompt"},
        {R"({"aspect_ratio":"21:9"})", ""},
        {R"({"aspect_ratio":"5:4"})", "invalid request.aspect_ratio"},
        {R"({"aspect_ratio":"21:9","model":"image-01-live"})", "invalid request.aspect_ratio"},
        {R"({"width":512,"height":2048})", ""},
        {R"({"width":512})", "missing request.height"},
        {R"({"height":512})", "missing request.width"},
        {R"({"width":511,"height":512})", "invalid request.width"},
        {R"({"width":516,"height":512})", "invalid request.width"},
        {R"({"width":512,"height":2056})", "invalid request.height"},
        {R"({"width":512,"height":512,"model":"image-01-live"})", "invalid request.width"},
        {R"({"response_format":"hex"})", "invalid request.response_format"},
        {R"({"n":9})", ""},
        {R"({"n":0})", "invalid request.n"},
        {R"({"n":10})", "invalid request.n"},
        {R"({"seed":"x"})", "invalid request.seed"},
        {R"({"seed":9223372036854775807})", ""},
        {R"({"prompt_optimizer":"on"})", "invalid request.prompt_optimizer"},
        {R"({"style":{"style_type":"漫画"}})", "invalid request.style"},
        {R"({"model":"image-01-live","style":{"style_type":"漫画","style_weight":1}})", ""},
        {R"({"model":"image-01-live","style":{"style_type":"oil"}})",
         "invalid request.style.style_type"},
        {R"({"model":"image-01-live","style":{"style_type":"水彩","style_weight":0}})",
         "invalid request.style.style_weight"},
        {R"({"subject_reference":[{"type":"character","image_file":"https://e.com/a"}]})", ""},
        {R"({"subject_reference":[{"type":"character"}]})",
         "missing request.subject_reference[0].image_file"},
        {R"({"subject_reference":[{"type":"cat","image_file":"https://e.com/a"}]})",
         "invalid request.subject_reference[0].type"},
        {R"({"subject_reference":[{"type":"character",)"
         R"("image_file":"data:image/webp;base64,AAAA"}]})",
         "invalid request.subject_reference[0].image_file"},
        {R"({"subject_reference":[{},{}]})", "invalid request.subject_reference"},
        {R"({"model":"image-99","style":{"style_type":"水彩"}})", ""},
    };
    for (const Case& each : cases) {
        CAPTURE(each.change);
        CHECK(checked(each.change) == each.verdict);
    }
    CHECK(checked(R"({"prompt":")" + std::string(1500, 'x') + "\"}") == "");
    CHECK(checked(R"({"prompt":")" + std::string(1501, 'x') + "\"}") == "too_long request.prompt");
}

TEST_CASE("images are counted and priced one by one") {
    const auto checked = codec().check(changed(object(cat), R"({"n":4})")).value();
    CHECK(checked.quantity == 4);
    CHECK(checked.artifacts == 4);
    CHECK(checked.price_key == "minimax.image/image-01");
}

TEST_CASE("without the user's word the images are asked for as base64") {
    CHECK(codec().submit(spec(std::string{cat})).body ==
          R"({"response_format":"base64","model":"image-01","prompt":"a cat"})");
    const std::string url = R"({"model":"image-01","prompt":"a","response_format":"url"})";
    CHECK(codec().submit(spec(url)).body == url);
}

TEST_CASE("images inside the reply are told apart by their first bytes") {
    const Reply answer =
        pictures(R"({"image_base64":["/9j/4AAQSkZJRgABAQAA","iVBORw0KGgoAAAANSUhEUg==",)"
                 R"("UklGRiQAAABXRUJQVlA4","data:image/png;base64,iVBORw0KGgo=","UklGRg==","!"]})",
                 R"({"success_count":"6","failed_count":"0"})");
    const auto outcome = submitted(6, answer);
    const Delivered& delivered = want<Delivered>(outcome);
    REQUIRE(delivered.artifacts.size() == 6);
    CHECK(delivered.artifacts[0].media_type == "image/jpeg");
    CHECK(delivered.artifacts[1].media_type == "image/png");
    CHECK(delivered.artifacts[2].media_type == "image/webp");
    CHECK(delivered.artifacts[3].media_type == "image/png");
    CHECK(delivered.artifacts[4].media_type == "");
    CHECK(delivered.artifacts[0].source.from == Source::From::reply);
    CHECK(delivered.result == R"({"success_count":6,"failed_count":0,"trace_id":"03ff"})");

    CHECK(std::get<std::string>(codec().extract(spec("{}"), answer, 3)) == "\x89PNG\r\n\x1a\n");
    CHECK(std::get<Failure>(codec().extract(spec("{}"), answer, 5)).code == "artifact.base64");
    CHECK(std::get<Failure>(codec().extract(spec("{}"), answer, 6)).code == "artifact.missing");
}

TEST_CASE("images behind links keep them as they are given") {
    const auto outcome = submitted(
        2, pictures(R"({"image_urls":["https://e.com/a.jpeg?x=1.png","https://e.com/b"]})",
                    R"({"success_count":2,"failed_count":0})"));
    const Delivered& delivered = want<Delivered>(outcome);
    REQUIRE(delivered.artifacts.size() == 2);
    CHECK(delivered.artifacts[0].source.from == Source::From::link);
    CHECK(delivered.artifacts[0].source.value == "https://e.com/a.jpeg?x=1.png");
    CHECK(delivered.artifacts[0].media_type == "image/jpeg");
    CHECK(delivered.artifacts[1].media_type == "");
}

TEST_CASE("an image that was blocked is lost with its reason, the others are delivered") {
    for (const std::string counts : {R"({"success_count":"1","failed_count":"1"})",
                                     R"({"success_count":1,"failed_count":1})"}) {
        const auto outcome = submitted(3, pictures(R"({"image_base64":["/9j/4AAQ"]})", counts));
        const Delivered& delivered = want<Delivered>(outcome);
        REQUIRE(delivered.artifacts.size() == 3);
        CHECK(delivered.artifacts[0].status == Artifact::Status::open);
        CHECK(delivered.artifacts[1].status == Artifact::Status::lost);
        CHECK(delivered.artifacts[1].failure->code == "blocked");
        CHECK(delivered.artifacts[1].failure->failure == FailureClass::rejected);
        CHECK(delivered.artifacts[2].failure->code == "artifact.missing");
    }
}

TEST_CASE("no image at all is a failure of what was bought") {
    const auto blocked =
        submitted(2, pictures("{}", R"({"success_count":"0","failed_count":"2"})"));
    CHECK(want<Refusal>(blocked).on_create == OnCreate::taken_failed);
    CHECK(want<Refusal>(blocked).failure.code == "blocked");
    const auto empty = submitted(1, pictures(R"({"image_urls":[null,"",3]})", "null"));
    CHECK(want<Refusal>(empty).on_create == OnCreate::taken_failed);
    CHECK(want<Refusal>(empty).failure.code == "reply.empty");
}
