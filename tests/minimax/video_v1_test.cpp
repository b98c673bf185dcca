#include "proto/minimax/video_v1.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

const Codec& codec() {
    return minimax::video_v1();
}

constexpr std::string_view text_request =
    R"({"model":"MiniMax-Hailuo-2.3","prompt":"A kite over dunes [Pan left]"})";
constexpr std::string_view frame = R"("first_frame_image":"https://example.com/a.png")";

std::string checked(std::string_view change) {
    return verdict(codec(), changed(object(text_request), change));
}

std::string with_frame(std::string_view change) {
    boost::json::object base = changed(object(text_request), "{" + std::string{frame} + "}");
    return verdict(codec(), changed(std::move(base), change));
}

PollOutcome polled(std::string body) {
    return codec().on_poll(Task{}, ok(std::move(body)));
}

constexpr std::string_view fine = R"("base_resp":{"status_code":0,"status_msg":"success"}})";

}  // namespace

TEST_CASE("a wrong video request is refused by the name of its field") {
    struct Case {
        std::string_view change;
        std::string_view verdict;
    };
    const Case cases[] = {
        {"{}", ""},
        {R"({"model":null})", "missing request.model"},
        {R"({"model":7})", "invalid request.model"},
        {R"({"model":""})", "invalid request.model"},
        {R"({"prompt":null})", "missing request.prompt"},
        {R"({"prompt":""})", "missing request.prompt"},
        {R"({"prompt":["a"]})", "invalid request.prompt"},
        {R"({"duration":6,"resolution":"768P"})", ""},
        {R"({"duration":10})", ""},
        {R"({"duration":7})", "invalid request.duration"},
        {R"({"duration":6.5})", "invalid request.duration"},
        {R"({"duration":"6"})", "invalid request.duration"},
        {R"({"resolution":"4K"})", "invalid request.resolution"},
        {R"({"resolution":"1080P"})", ""},
        {R"({"resolution":"1080P","duration":10})", "invalid request.resolution"},
        {R"({"resolution":"720P"})", "invalid request.resolution"},
        {R"({"resolution":"512P"})", "invalid request.resolution"},
        {R"({"model":"MiniMax-Hailuo-02","resolution":"512P"})", "invalid request.resolution"},
        {R"({"model":"T2V-01"})", ""},
        {R"({"model":"T2V-01","duration":6})", "invalid request.duration"},
        {R"({"model":"T2V-01-Director","resolution":"720P"})", "invalid request.resolution"},
        {R"({"model":"T2V-01","fast_pretreatment":true})", "invalid request.fast_pretreatment"},
        {R"({"model":"I2V-01"})", "missing request.first_frame_image"},
        {R"({"model":"MiniMax-Hailuo-2.3-Fast"})", "missing request.first_frame_image"},
        {R"({"prompt_optimizer":"yes"})", "invalid request.prompt_optimizer"},
        {R"({"fast_pretreatment":1})", "invalid request.fast_pretreatment"},
        {R"({"aigc_watermark":0})", "invalid request.aigc_watermark"},
        {R"({"first_frame_image":{"a":"b"}})", "invalid request.first_frame_image"},
        {R"({"model":"Model-Of-Tomorrow","duration":10,"resolution":"1080P"})", ""},
        {R"({"field_of_tomorrow":{"a":1}})", ""},
    };
    for (const Case& each : cases) {
        CAPTURE(each.change);
        CHECK(checked(each.change) == each.verdict);
    }
}

TEST_CASE("a first frame opens and closes what a model can do") {
    CHECK(with_frame(R"({"prompt":null})") == "");
    CHECK(with_frame(R"({"model":"MiniMax-Hailuo-2.3-Fast","duration":10})") == "");
    CHECK(with_frame(R"({"model":"MiniMax-Hailuo-02","resolution":"512P","duration":10})") == "");
    CHECK(with_frame(R"({"model":"I2V-01-live"})") == "");
    CHECK(with_frame(R"({"model":"T2V-01"})") == "invalid request.first_frame_image");
}

TEST_CASE("a first frame is a link or a data URI of an image that is not too large") {
    const auto with_image = [](const std::string& image) {
        boost::json::object request = object(text_request);
        request["first_frame_image"] = image;
        return verdict(codec(), request);
    };
    const std::string type = "data:image/png;base64,";
    CHECK(with_image("http://example.com/a.png") == "");
    CHECK(with_image("ftp://example.com/a.png") == "invalid request.first_frame_image");
    CHECK(with_image("/home/me/a.png") == "invalid request.first_frame_image");
    CHECK(with_image("") == "invalid request.first_frame_image");
    CHECK(with_image(type + "iVBORw0KGgo=") == "");
    CHECK(with_image(type) == "invalid request.first_frame_image");
    CHECK(with_image(type + "not base64!") == "invalid request.first_frame_image");
    CHECK(with_image("data:image/gif;base64,R0lG") == "invalid request.first_frame_image");
    CHECK(with_image("data:image/png,R0lG") == "invalid request.first_frame_image");
    CHECK(with_image(type + std::string(4U << 20U, 'A')) == "");
    CHECK(with_image(type + std::string(28U << 20U, 'A')) == "too_long request.first_frame_image");
}

TEST_CASE("a prompt is counted in characters, not in bytes") {
    std::string prompt;
    for (int i = 0; i < 2000; ++i)
        prompt += "漢";
    boost::json::object request = object(text_request);
    request["prompt"] = prompt;
    CHECK(verdict(codec(), request) == "");
    request["prompt"] = prompt + "x";
    CHECK(verdict(codec(), request) == "too_long request.prompt");
}

TEST_CASE("a video between two frames, or of a subject, is made by the model that can") {
    const auto with = [](std::string_view model, std::string_view fields) {
        boost::json::object request = changed(object(text_request), fields);
        request["model"] = model;
        return verdict(codec(), request);
    };
    const std::string_view last = R"({"last_frame_image":"https://example.com/z.png"})";
    CHECK(with("MiniMax-Hailuo-02", last) == "");
    CHECK(with("MiniMax-Hailuo-2.3", last) == "invalid request.last_frame_image");
    CHECK(with("MiniMax-Hailuo-02",
               R"({"last_frame_image":"https://e.com/z.png","resolution":"512P"})") ==
          "invalid request.resolution");
    CHECK(with("MiniMax-Hailuo-02", R"({"last_frame_image":"z.png"})") ==
          "invalid request.last_frame_image");
    CHECK(with("MiniMax-Hailuo-02", R"({"last_frame_image":"https://e.com/z","prompt":null})") ==
          "");
    const std::string_view subject =
        R"({"subject_reference":[{"type":"character","image":["https://example.com/a.png"]}]})";
    CHECK(with("S2V-01", subject) == "");
    CHECK(with("S2V-01", "{}") == "missing request.subject_reference");
    CHECK(with("MiniMax-Hailuo-02", subject) == "invalid request.subject_reference");
    const auto of = [&](std::string_view reference) {
        return with("S2V-01", "{\"subject_reference\":" + std::string{reference} + "}");
    };
    CHECK(of("[]") == "invalid request.subject_reference");
    CHECK(of(R"([{"type":"character"}])") == "missing request.subject_reference[0].image");
    CHECK(of(R"([{"type":"dog","image":["https://e.com/a"]}])") ==
          "invalid request.subject_reference[0].type");
    CHECK(of(R"([{"type":"character","image":["a.png"]}])") ==
          "invalid request.subject_reference[0].image[0]");
    CHECK(of(R"([{"type":"character","image":[]}])") ==
          "invalid request.subject_reference[0].image");
    CHECK(of(R"([{"type":"character","image":["https://e.com/a"]}],"duration":6)") ==
          "invalid request.duration");
    CHECK(of(R"([{"type":"character","image":["https://e.com/a"]}],)"
             R"("first_frame_image":"https://e.com/a")") == "invalid request.subject_reference");
}

TEST_CASE("a refusal says in words what is wrong") {
    const auto refused = codec().check(changed(object(text_request), R"({"duration":7})"));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message == "request.duration is 7; it must be one of 6, 10");
}

TEST_CASE("the price of a video follows from model, resolution and length") {
    const auto key = [](std::string_view change) {
        return codec().check(changed(object(text_request), change)).value().price_key;
    };
    CHECK(key("{}") == "minimax.video_v1/MiniMax-Hailuo-2.3/768P/6");
    CHECK(key(R"({"model":"MiniMax-Hailuo-02","resolution":"1080P"})") ==
          "minimax.video_v1/MiniMax-Hailuo-02/1080P/6");
    CHECK(key(R"({"model":"T2V-01"})") == "minimax.video_v1/T2V-01/720P/6");
}

TEST_CASE("a video is bought with the producer's own bytes") {
    const std::string request =
        "{ \"model\" : \"MiniMax-Hailuo-02\", \"prompt\":\"x\", \"z\":1.50 }";
    const Call call = codec().submit(spec(request));
    CHECK(call.method == "POST");
    CHECK(call.target == "/v1/video_generation");
    CHECK(call.content_type == "application/json");
    CHECK(call.body == request);
}

TEST_CASE("a create names its task, as text or as an integer beyond 2^53") {
    struct Case {
        std::string_view id;
        std::string_view task;
    };
    const Case cases[] = {
        {R"("106916112212032")", "106916112212032"},
        {"9007199254740993", "9007199254740993"},
        {"18446744073709551615", "18446744073709551615"},
    };
    for (const Case& each : cases) {
        const std::string body = R"({"task_id":)" + std::string{each.id} + "," + std::string{fine};
        const auto outcome = codec().on_submit(spec("{}"), ok(body));
        CHECK(want<Taken>(outcome).tasks == std::vector<std::string>{std::string{each.task}});
    }
}

TEST_CASE("a success that names no task may have been bought") {
    for (const std::string id : {R"("")", "null", "[]", "1e30"}) {
        CAPTURE(id);
        const auto outcome =
            codec().on_submit(spec("{}"), ok(R"({"task_id":)" + id + "," + std::string{fine}));
        CHECK(want<Refusal>(outcome).on_create == OnCreate::ambiguous);
        CHECK(want<Refusal>(outcome).failure.code == "reply.incomplete");
    }
}

TEST_CASE("ids are encoded where they stand in a target") {
    Task task;
    task.id = "a b&c=1/ü";
    CHECK(codec().poll(task).target == "/v1/query/video_generation?task_id=a%20b%26c%3D1%2F%C3%BC");
    Source source;
    source.value = "176844028768320";
    CHECK(codec().link(source).target == "/v1/files/retrieve?file_id=176844028768320");
}

TEST_CASE("states are read in any case, and unknown ones are polled on") {
    struct Case {
        std::string_view word;
        bool known;
    };
    const Case cases[] = {{"Preparing", true},  {"Queueing", true}, {"Processing", true},
                          {"PROCESSING", true}, {"Unknown", false}, {"Dreaming", false},
                          {"", false}};
    for (const Case& each : cases) {
        CAPTURE(each.word);
        const auto outcome = polled(R"({"file_id":"","status":")" + std::string{each.word} + "\"," +
                                    std::string{fine});
        CHECK(want<StillRunning>(outcome).upstream_state == each.word);
        CHECK(want<StillRunning>(outcome).known_word == each.known);
    }
    CHECK_FALSE(want<StillRunning>(polled(R"({"task_id":"1",)" + std::string{fine})).known_word);
}

TEST_CASE("a finished task hands over its file by a handle that does not expire") {
    for (const std::string id : {R"("9007199254740993")", "9007199254740993"}) {
        const auto outcome =
            polled(R"({"status":"Success","file_id":)" + id + "," + std::string{fine});
        const TaskDone& done = want<TaskDone>(outcome);
        REQUIRE(done.artifacts.size() == 1);
        CHECK(done.artifacts[0].source.from == Source::From::handle);
        CHECK(done.artifacts[0].source.value == "9007199254740993");
        CHECK(done.artifacts[0].source.expires_at == never);
        CHECK(done.artifacts[0].media_type == "video/mp4");
        CHECK(done.upstream_state == "Success");
    }
}

TEST_CASE("a success without a file is asked again, not believed") {
    for (const std::string file :
         {R"("file_id":"",)", R"("file_id":null,)", R"("file_id":0,)", ""}) {
        CAPTURE(file);
        const auto outcome = polled(R"({"status":"success",)" + file + std::string{fine});
        CHECK_FALSE(want<StillRunning>(outcome).known_word);
    }
}

TEST_CASE(
    "a failed task is final, and only trouble of the upstream's own is worth another purchase") {
    struct Case {
        int code;
        FailureClass failure;
        bool again;
    };
    const Case cases[] = {
        {0, FailureClass::rejected, false},     {1000, FailureClass::transient, true},
        {1001, FailureClass::transient, true},  {1013, FailureClass::transient, true},
        {1024, FailureClass::transient, true},  {1033, FailureClass::transient, true},
        {1026, FailureClass::rejected, false},  {1027, FailureClass::rejected, false},
        {2013, FailureClass::rejected, false},  {1008, FailureClass::account, false},
        {7777, FailureClass::transient, false},
    };
    for (const Case& each : cases) {
        CAPTURE(each.code);
        for (const std::string word : {"Fail", "failed", "FAILED"}) {
            const auto outcome =
                polled(R"({"status":")" + word + R"(","base_resp":{"status_code":)" +
                       std::to_string(each.code) + R"(,"status_msg":"why"}})");
            const TaskFailed& failed = want<TaskFailed>(outcome);
            CHECK(failed.failure.failure == each.failure);
            CHECK(failed.failure.message == "why");
            CHECK(failed.again == each.again);
            CHECK_FALSE(failed.unbilled);
        }
    }
}

TEST_CASE("a trouble of the query is none of the task's") {
    for (const int code : {1000, 1002, 1004, 1008, 1024, 2049, 2061}) {
        CAPTURE(code);
        CHECK(want<Refusal>(codec().on_poll(Task{}, coded(code))).on_query == OnQuery::again);
    }
    CHECK(want<Refusal>(codec().on_poll(Task{}, coded(2013, "invalid task_id"))).on_query ==
          OnQuery::gone);
}

TEST_CASE("a file's link is taken as it is given") {
    const auto outcome = codec().on_link(
        Source{}, ok(R"({"file":{"file_id":1,"download_url":"http://cdn.example/o.mp4?sig=x"},)" +
                     std::string{fine}));
    CHECK(want<Link>(outcome).url == "http://cdn.example/o.mp4?sig=x");
}

TEST_CASE("a link that cannot be had is asked for again, unless its file is gone") {
    const auto refused = [](const Reply& answer) {
        return want<Refusal>(codec().on_link(Source{}, answer));
    };
    CHECK(refused(coded(1002)).on_query == OnQuery::again);
    CHECK(refused(reply(502, "<html>")).on_query == OnQuery::again);
    CHECK(refused(ok(R"({"file":{},)" + std::string{fine})).on_query == OnQuery::again);
    CHECK(refused(ok(R"({"file":{"download_url":"file:///etc/passwd"},)" + std::string{fine}))
              .on_query == OnQuery::again);
    CHECK(refused(coded(2013)).on_query == OnQuery::gone);
    CHECK(refused(coded(2013)).failure.failure == FailureClass::expired);
}
