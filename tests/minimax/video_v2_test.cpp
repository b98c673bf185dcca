#include "proto/minimax/video_v2.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

const Codec& codec() {
    return minimax::video_v2();
}

constexpr std::string_view text_request =
    R"({"model":"MiniMax-H3","content":[{"type":"text","text":"A lighthouse in a storm"}],)"
    R"("resolution":"768P","duration":5,"ratio":"16:9"})";

std::string checked(std::string_view change) {
    return verdict(codec(), changed(object(text_request), change));
}

/// With one text, and these items beside it.
std::string with_items(std::string_view items) {
    return checked(R"({"content":[{"type":"text","text":"x"},)" + std::string{items} + "]}");
}

std::string image(std::string_view role) {
    return R"({"type":"image_url","image_url":{"url":"https://e.com/a.png"},"role":")" +
           std::string{role} + "\"}";
}

PollOutcome polled(std::string_view task) {
    Task asked;
    asked.id = "424010985738629";
    return codec().on_poll(asked, ok(R"({"task":)" + std::string{task} + "}"));
}

std::string price(std::string_view change) {
    const auto checked = codec().check(changed(object(text_request), change)).value();
    return checked.price_key + " x" + std::to_string(checked.quantity);
}

}  // namespace

TEST_CASE("a wrong request for a v2 video is refused by the name of its field") {
    struct Case {
        std::string_view change;
        std::string_view verdict;
    };
    const Case cases[] = {
        {"{}", ""},
        {R"({"model":null})", "missing request.model"},
        {R"({"content":null})", "missing request.content"},
        {R"({"content":[]})", "invalid request.content"},
        {R"({"content":[{"type":"text","text":""}]})", "invalid request.content[0].text"},
        {R"({"content":[{"type":"song"}]})", "invalid request.content[0].type"},
        {R"({"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]})",
         "invalid request.content"},
        {R"({"resolution":null})", "missing request.resolution"},
        {R"({"resolution":"480P"})", "invalid request.resolution"},
        {R"({"model":"MiniMax-H3-Max","resolution":"480P"})", ""},
        {R"({"model":"MiniMax-H3-Max","resolution":"2K"})", "invalid request.resolution"},
        {R"({"duration":null})", "missing request.duration"},
        {R"({"duration":3})", "invalid request.duration"},
        {R"({"duration":16})", "invalid request.duration"},
        {R"({"model":"MiniMax-H3-Max","duration":4})", "invalid request.duration"},
        {R"({"ratio":null})", "missing request.ratio"},
        {R"({"ratio":"adaptive"})", "invalid request.ratio"},
        {R"({"ratio":"2:1"})", "invalid request.ratio"},
        {R"({"extra":{"prompt_expansion_mode":"quality"}})", "invalid request.extra"},
        {R"({"model":"MiniMax-H3-Max","extra":{"prompt_expansion_mode":"quality"}})", ""},
        {R"({"model":"MiniMax-H3-Max","extra":{"prompt_expansion_mode":"much"}})",
         "invalid request.extra.prompt_expansion_mode"},
        {R"({"model":"MiniMax-H9","resolution":"8K","duration":30})", ""},
    };
    for (const Case& each : cases) {
        CAPTURE(each.change);
        CHECK(checked(each.change) == each.verdict);
    }
}

TEST_CASE("frames and references are counted, and do not go together") {
    CHECK(with_items(image("first_frame")) == "");
    CHECK(with_items(R"({"type":"image_url","image_url":{"url":"mm_file://17"}})") == "");
    CHECK(with_items(R"({"type":"image_url","image_url":{"url":"a.png"}})") ==
          "invalid request.content[1].image_url.url");
    CHECK(with_items(R"({"type":"image_url"})") == "missing request.content[1].image_url");
    CHECK(with_items(image("reference_video")) == "invalid request.content[1].role");
    CHECK(with_items(image("")) == "invalid request.content[1].role");
    CHECK(with_items(image("first_frame") + "," + image("last_frame")) == "");
    CHECK(with_items(image("first_frame") + "," + image("first_frame")) ==
          "invalid request.content");
    CHECK(with_items(image("first_frame") + "," + image("reference_image")) ==
          "invalid request.content");
    std::string many = image("reference_image");
    for (int n = 1; n < 9; ++n)
        many += "," + image("reference_image");
    CHECK(with_items(many) == "");
    CHECK(with_items(many + "," + image("reference_image")) == "invalid request.content");
    const std::string audio = R"({"type":"audio_url","audio_url":{"url":"https://e.com/a.mp3"}})";
    CHECK(with_items(audio) == "invalid request.content");
    CHECK(with_items(audio + "," + image("reference_image")) == "");
}

TEST_CASE("a clip is made larger by its task, or by itself, and not by both") {
    const auto larger = [](std::string_view fields) {
        return verdict(codec(),
                       object(R"({"model":"MiniMax-H3","resolution":"2K",)" + std::string{fields}));
    };
    CHECK(larger(R"("source_task_id":"424010985738629"})") == "");
    CHECK(larger(R"("source_task_id":"1","content":[{"type":"text","text":"x"}]})") ==
          "invalid request.source_task_id");
    const std::string base =
        R"({"type":"video_url","role":"base_video","video_url":{"url":"https://e.com/a.mp4"}})";
    CHECK(larger(R"("content":[{"type":"text","text":"x"},)" + base + "]}") == "");
    CHECK(larger(R"("content":[{"type":"text","text":"x"},)" + base + "," + base + "]}") ==
          "invalid request.content");
    CHECK(verdict(codec(), object(R"({"model":"MiniMax-H3","resolution":"768P",)"
                                  R"("source_task_id":"1"})")) == "invalid request.resolution");

    CHECK(codec().submit(spec(std::string{text_request})).target == "/v2/video_generation");
    CHECK(codec().submit(spec(R"({"source_task_id":"1"})")).target == "/v2/video_regeneration");
}

TEST_CASE("a v2 video is priced by the second, where that can be known") {
    CHECK(price("{}") == "minimax.video_v2/MiniMax-H3/768P x5");
    CHECK(price(R"({"resolution":"2K","duration":15})") == "minimax.video_v2/MiniMax-H3/2K x15");
    CHECK(price(R"({"content":[{"type":"text","text":"x"},)"
                R"({"type":"video_url","video_url":{"url":"https://e.com/a.mp4"}}]})") ==
          "minimax.video_v2/MiniMax-H3/768P/from_video x5");
    const auto known = [](std::string_view request) {
        return quote(codec().check(object(request)).value()).has_value();
    };
    CHECK(known(text_request));
    CHECK_FALSE(known(R"({"model":"MiniMax-H3","resolution":"2K","source_task_id":"1"})"));
    CHECK_FALSE(known(R"({"model":"MiniMax-H3","resolution":"768P","duration":5,"content":[)"
                      R"({"type":"text","text":"x"},)"
                      R"({"type":"video_url","video_url":{"url":"https://e.com/a.mp4"}}]})"));
}

TEST_CASE("errors of a v2 create are read from the message, then from the HTTP status") {
    struct Case {
        int status;
        std::string_view message;
        OnCreate on_create;
        FailureClass failure;
    };
    const Case cases[] = {
        {422, "input new_sensitive (1026)", OnCreate::not_created, FailureClass::rejected},
        {429, "usage limit (2056)", OnCreate::not_created, FailureClass::account},
        {429, "slow down", OnCreate::not_created, FailureClass::rate_limited},
        {402, "insufficient balance (1008)", OnCreate::not_created, FailureClass::account},
        {400, "invalid params (2013)", OnCreate::not_created, FailureClass::rejected},
        {500, "internal error (1024)", OnCreate::ambiguous, FailureClass::transient},
        {529, "overloaded", OnCreate::ambiguous, FailureClass::transient},
    };
    for (const Case& each : cases) {
        CAPTURE(each.message);
        const auto outcome = codec().on_submit(
            spec(std::string{text_request}),
            reply(each.status, R"({"type":"error","error":{"type":"t","message":")" +
                                   std::string{each.message} + R"("},"request_id":"r"})"));
        CHECK(want<Refusal>(outcome).on_create == each.on_create);
        CHECK(want<Refusal>(outcome).failure.failure == each.failure);
    }
    const auto taken =
        codec().on_submit(spec(std::string{text_request}), ok(R"({"task_id":"424"})"));
    CHECK(want<Taken>(taken).tasks == std::vector<std::string>{"424"});
    const auto nothing = codec().on_submit(spec(std::string{text_request}), ok("{}"));
    CHECK(want<Refusal>(nothing).on_create == OnCreate::ambiguous);
}

TEST_CASE("a v2 task is read inside its envelope") {
    Task task;
    task.id = "4/2";
    CHECK(codec().poll(task).target == "/v2/query/video_generation/4%2F2");
    for (const std::string_view word : {"queued", "running", "RUNNING"}) {
        const auto outcome = polled(R"({"status":")" + std::string{word} + "\"}");
        CHECK(want<StillRunning>(outcome).known_word);
    }
    CHECK_FALSE(want<StillRunning>(polled(R"({"status":"dreaming"})")).known_word);
    CHECK_FALSE(want<StillRunning>(polled("{}")).known_word);
    CHECK_FALSE(want<StillRunning>(polled(R"({"status":"succeeded","content":{}})")).known_word);

    const auto done =
        polled(R"({"status":"succeeded","content":{"url":"https://cdn.example/o.mp4"}})");
    const Artifact& artifact = want<TaskDone>(done).artifacts.at(0);
    CHECK(artifact.source.from == Source::From::handle);
    CHECK(artifact.source.value == "424010985738629");

    const auto failed = polled(R"({"status":"failed","error":{"code":"1026","message":"no"}})");
    CHECK(want<TaskFailed>(failed).failure.failure == FailureClass::rejected);
    CHECK(want<TaskFailed>(failed).failure.code == "1026");
    CHECK_FALSE(want<TaskFailed>(failed).unbilled);
    CHECK(want<TaskFailed>(polled(R"({"status":"failed","error":{"code":"1024"}})")).again);
    CHECK_FALSE(want<TaskFailed>(polled(R"({"status":"failed"})")).again);
    CHECK(want<TaskFailed>(polled(R"({"status":"cancelled"})")).unbilled);
}

namespace {

/// What the list tells of its tasks: "1 running, 2 done".
std::string told(std::string_view items) {
    const auto outcome =
        codec().on_poll_many("", ok(R"({"items":[)" + std::string{items} + R"(],"total":2})"));
    std::string words;
    for (const auto& [task, said] : want<PolledPage>(outcome).told) {
        constexpr std::string_view kinds[] = {" running", " done", " failed", " refused"};
        words += (words.empty() ? "" : ", ") + task + std::string{kinds[said.index()]};
    }
    return words;
}

}  // namespace

TEST_CASE("many v2 tasks are asked for at once") {
    std::vector<Task> tasks(2);
    tasks[0].id = "1";
    tasks[1].id = "2&3";
    CHECK(codec().info().poll_many_max == 50);
    CHECK(codec().poll_many(tasks, "").target ==
          "/v2/query/video_generation?page_size=50&page_num=1"
          "&filter.task_ids=1&filter.task_ids=2%263");
    CHECK(codec().poll_many({}, "2").target ==
          "/v2/query/video_generation?page_size=50&page_num=2");
}

TEST_CASE("the list tells of a task what its query would, or nothing") {
    CHECK(told(R"({"id":"1","status":"running"},{"id":2,"status":"queued"})") ==
          "1 running, 2 running");
    CHECK(told(R"({"id":"1","status":"succeeded","content":{"url":"https://cdn.example/o"}})") ==
          "1 done");
    CHECK(told(R"({"id":"1","status":"succeeded"})") == "");
    CHECK(told(R"({"id":"1","status":"failed","error":{"code":"1026"}})") == "1 failed");
    for (const char* const why : {"", R"(,"error":null)", R"(,"error":{})", R"(,"error":"no")"})
        CHECK(told(R"({"id":"1","status":"failed")" + std::string(why) + "}") == "");
    CHECK(told(R"({"id":"1","status":"cancelled"})") == "1 failed");
    CHECK(told(R"({"id":"1","status":"dreaming"},{"id":"1"},7)") == "");
    CHECK(told(R"({"status":"running"},{"id":0,"status":"running"})") == "");
    CHECK(told("") == "");
}

TEST_CASE("the list goes on where it says that there is more, and may be none at all") {
    const auto next = [](std::string_view page, std::string_view body) {
        return want<PolledPage>(codec().on_poll_many(page, ok(std::string{body}))).next;
    };
    const std::string_view one = R"({"items":[{"id":"1"}],"total":120})";
    CHECK(next("", one) == "2");
    CHECK(next("2", one) == "3");
    CHECK(next("3", one) == "");
    CHECK(next("", R"({"items":[],"total":120})") == "");
    const auto none = codec().on_poll_many("", ok(R"({"tasks":[]})"));
    CHECK(want<Refusal>(none).on_query == OnQuery::again);
    const auto busy = codec().on_poll_many("", reply(429, "slow down"));
    CHECK(want<Refusal>(busy).failure.failure == FailureClass::rate_limited);
}

TEST_CASE("clips that are alike but for their length are told apart by how long they take") {
    const auto sort = [](std::string_view change) {
        return timed_as(codec().check(changed(object(text_request), change)).value());
    };
    CHECK(sort("{}") == "minimax.video_v2/MiniMax-H3/768P/5");
    CHECK(sort(R"({"duration":15})") == "minimax.video_v2/MiniMax-H3/768P/15");
}

TEST_CASE("a v2 task that the upstream has forgotten is gone, after seven days") {
    const auto outcome = codec().on_poll(
        Task{}, reply(400, R"-({"error":{"message":"invalid params, invalid task_id (2013)"}})-"));
    CHECK(want<Refusal>(outcome).on_query == OnQuery::gone);
}

TEST_CASE("a v2 video's link is asked for anew each time") {
    Source source;
    source.value = "424";
    CHECK(codec().link(source).target == "/v2/query/video_generation/424");
    const auto link =
        codec().on_link(source, ok(R"({"task":{"content":{"url":"https://cdn.example/o.mp4"}}})"));
    CHECK(want<Link>(link).url == "https://cdn.example/o.mp4");
    CHECK(want<Refusal>(codec().on_link(source, ok(R"({"task":{}})"))).on_query == OnQuery::again);
}

TEST_CASE("only what is queued is called off, because of what has ended the call takes the video") {
    Task task;
    task.id = "424";
    for (const std::string_view state : {"running", "succeeded", "failed", "dreaming", ""})
        CHECK_FALSE(codec().cancel(task, state));
    const auto call = codec().cancel(task, "Queued");
    REQUIRE(call);
    CHECK(call->method == "DELETE");
    CHECK(call->target == "/v2/video_generation/424");

    const auto off =
        codec().on_cancel(ok(R"({"task_id":"424","action":"cancelled","status":"cancelled"})"));
    REQUIRE(off);
    CHECK(off->unbilled);
    CHECK_FALSE(codec().on_cancel(ok(R"({"task_id":"424","status":"deleted"})")));
    CHECK_FALSE(codec().on_cancel(reply(400, R"-({"error":{"message":"running (2013)"}})-")));
}
