#include "proto/minimax/video_template.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

const Codec& codec() {
    return minimax::video_template();
}

constexpr std::string_view love_letter =
    R"({"template_id":"393857704283172864","media_inputs":[{"value":"https://e.com/a.png"}]})";
constexpr std::string_view fine = R"("base_resp":{"status_code":0,"status_msg":"success"}})";

PollOutcome polled(std::string_view fields) {
    Task task;
    task.id = "401047179385389059";
    return codec().on_poll(task, ok("{" + std::string{fields} + "," + std::string{fine}));
}

}  // namespace

TEST_CASE("of a template's request the shape is checked, for the templates change") {
    const auto checked = [](std::string_view change) {
        return verdict(codec(), changed(object(love_letter), change));
    };
    CHECK(checked("{}") == "");
    CHECK(checked(R"({"template_id":null})") == "missing request.template_id");
    CHECK(checked(R"({"template_id":7})") == "invalid request.template_id");
    CHECK(checked(R"({"media_inputs":[{"value":"a.png"}]})") ==
          "invalid request.media_inputs[0].value");
    CHECK(checked(R"({"media_inputs":[{}]})") == "missing request.media_inputs[0].value");
    CHECK(checked(R"({"media_inputs":"a"})") == "invalid request.media_inputs");
    CHECK(checked(R"({"text_inputs":[{"value":"a lion"}]})") == "");
    CHECK(checked(R"({"text_inputs":[{"value":""}]})") == "invalid request.text_inputs[0].value");
}

TEST_CASE("a template's video is asked for by its task, and its link too") {
    CHECK(codec().submit(spec(std::string{love_letter})).target == "/v1/video_template_generation");
    Task task;
    task.id = "4";
    CHECK(codec().poll(task).target == "/v1/query/video_template_generation?task_id=4");
    Source source;
    source.value = "4";
    CHECK(codec().link(source).target == "/v1/query/video_template_generation?task_id=4");

    CHECK(want<StillRunning>(polled(R"("status":"Preparing")")).known_word);
    CHECK_FALSE(want<StillRunning>(polled(R"("status":"Queueing")")).known_word);
    CHECK_FALSE(want<StillRunning>(polled(R"("status":"Success","video_url":"")")).known_word);
    const auto done = polled(R"("status":"Success","video_url":"https://cdn.example/v.mp4")");
    CHECK(want<TaskDone>(done).artifacts.at(0).source.value == "401047179385389059");
    const auto link = codec().on_link(
        source,
        ok(R"({"status":"Success","video_url":"https://cdn.example/v.mp4",)" + std::string{fine}));
    CHECK(want<Link>(link).url == "https://cdn.example/v.mp4");
    CHECK(want<Refusal>(codec().on_link(source, coded(2013))).on_query == OnQuery::gone);
    const auto failed = codec().on_poll(
        task, ok(R"({"status":"Fail","base_resp":{"status_code":1026,"status_msg":"no"}})"));
    CHECK(want<TaskFailed>(failed).failure.code == "1026");
}
