#include "proto/useapi/video.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;
using useapi::video;

namespace {

std::string check(std::string_view request) {
    return verdict(video(), object(request));
}

std::string with_prompt(std::size_t characters, std::string_view model) {
    return R"({"model":")" + std::string(model) + R"(","prompt":")" + std::string(characters, 'a') +
           "\"}";
}

Checked passed(std::string_view request) {
    return video().check(object(request)).value();
}

std::string poll(std::string body) {
    return polled(video(), video_id, ok(std::move(body)));
}

std::string state(std::string_view label, std::string_view final, std::string_view more = "") {
    return poll(R"({"status":2,"statusLabel":")" + std::string(label) + R"(","statusFinal":)" +
                std::string(final) + std::string(more) + "}");
}

}  // namespace

TEST_CASE("a video is made from a text, or by the model that it names") {
    CHECK(check(R"({"prompt":"a kite"})").empty());
    CHECK(check("{}") == "missing request.prompt");
    CHECK(check(R"({"prompt":7})") == "invalid request.prompt");
    CHECK(passed(R"({"prompt":"a kite"})").model == "T2V-01");
    CHECK(passed(R"({"fileID":"f"})").model == "I2V-01");
    CHECK(check(R"({"model":"Veo-9","prompt":"p","options":"x","new":[1],"duration":99})").empty());
    CHECK(check(R"({"model":7})") == "invalid request.model");
    CHECK(check(R"({"prompt":"p","promptOptimization":"yes"})") ==
          "invalid request.promptOptimization");
}

TEST_CASE("a prompt may be as long as its model reads") {
    CHECK(check(with_prompt(2000, "02")).empty());
    CHECK(check(with_prompt(2001, "02")) == "too_long request.prompt");
    CHECK(check(with_prompt(7500, "Seedance-2.0")).empty());
    CHECK(check(with_prompt(7501, "Seedance-2.0")) == "too_long request.prompt");
    CHECK(check(with_prompt(7500, "new")).empty());
}

TEST_CASE("each model has its own sizes") {
    CHECK(check(R"({"model":"02","prompt":"p","options":"1080p-6sec"})").empty());
    CHECK(check(R"({"model":"02","prompt":"p","options":"1080p-10sec"})") ==
          "invalid request.options");
    CHECK(check(R"({"model":"T2V-2.3","prompt":"p","options":"512p-6sec"})") ==
          "invalid request.options");
    CHECK(check(R"({"model":"Sora-2","prompt":"p","options":"720p-12sec"})").empty());
    CHECK(check(R"({"model":"Veo-3.1","prompt":"p","options":"veo-4k-8sec"})").empty());
    CHECK(check(R"({"model":"T2V-01","prompt":"p","options":"768p-6sec"})") ==
          "invalid request.options");
    CHECK(check(R"({"model":"Seedance-2.0","prompt":"p","options":"768p-6sec"})") ==
          "invalid request.options");
    CHECK(check(R"({"model":"02","prompt":"p","resolution":"720"})") ==
          "invalid request.resolution");
    CHECK(check(R"({"model":"02","prompt":"p","duration":6})") == "invalid request.duration");
    CHECK(
        check(R"({"model":"Seedance-2.0","prompt":"p","resolution":"4K","duration":15})").empty());
    CHECK(check(R"({"model":"Seedance-2.0-Fast","prompt":"p","resolution":"1080"})") ==
          "invalid request.resolution");
    CHECK(check(R"({"model":"Seedance-2.0","prompt":"p","resolution":720})") ==
          "invalid request.resolution");
    for (const char* duration : {"3", "16", "5.5", "\"5\""})
        CHECK(check(R"({"model":"Seedance-2.0","prompt":"p","duration":)" + std::string(duration) +
                    "}") == "invalid request.duration");
    CHECK(check(R"({"model":"Sora-2","prompt":"p","aspectRatio":"9:16"})").empty());
    CHECK(check(R"({"model":"Sora-2","prompt":"p","aspectRatio":"1:1"})") ==
          "invalid request.aspectRatio");
    CHECK(check(R"({"model":"Seedance-2.0","prompt":"p","aspectRatio":"Auto"})").empty());
}

TEST_CASE("files stand where the model takes them, without gaps") {
    CHECK(check(R"({"model":"I2V-01","prompt":"p"})") == "missing request.fileID");
    CHECK(check(R"({"model":"S2V-01","prompt":"p"})") == "missing request.fileID");
    CHECK(check(R"({"model":"T2V-01","prompt":"p","fileID":"f"})") == "invalid request.fileID");
    CHECK(check(R"({"model":"02","fileID":"f"})").empty());
    CHECK(check(R"({"model":"02","prompt":"p","fileID":"f","fileID2":"g"})") ==
          "invalid request.fileID2");
    CHECK(check(R"({"model":"Veo-3.1-S2V","prompt":"p","fileID":"f","fileID2":"g"})").empty());
    CHECK(check(R"({"model":"Veo-3.1-S2V","prompt":"p","fileID":"f","fileID3":"g"})") ==
          "missing request.fileID2");
    CHECK(check(R"({"model":"Seedance-2.0","prompt":"p","fileID2":"g"})") ==
          "missing request.fileID");
    CHECK(check(R"({"model":"Seedance-2.0","videoFileID1":"a","audioFileID1":"b"})").empty());
    CHECK(check(R"({"model":"Seedance-2.0","prompt":"p","audioFileID2":"b"})") ==
          "missing request.audioFileID1");
    CHECK(check(R"({"model":"02","prompt":"p","videoFileID1":"a"})") ==
          "invalid request.videoFileID1");
    CHECK(check(R"({"model":"new","prompt":"p","fileID":"f","fileID2":"g","videoFileID1":"v"})")
              .empty());
    CHECK(check(R"({"model":"02","fileID":7})") == "invalid request.fileID");
}

TEST_CASE("a last frame is another picture, and goes with some models and sizes only") {
    CHECK(check(R"({"model":"02","fileID":"f","end_frame_fileID":"g"})").empty());
    CHECK(check(R"({"model":"02","fileID":"f","end_frame_fileID":"f"})") ==
          "invalid request.end_frame_fileID");
    CHECK(check(R"({"model":"02","fileID":{"$file":"sha256:a"},"end_frame_fileID":
        {"$file":"sha256:a"}})") == "invalid request.end_frame_fileID");
    CHECK(check(R"({"model":"02","fileID":"f","end_frame_fileID":"g","options":"512p-6sec"})") ==
          "invalid request.end_frame_fileID");
    CHECK(check(R"({"model":"Sora-2","fileID":"f","end_frame_fileID":"g"})") ==
          "invalid request.end_frame_fileID");
    CHECK(check(R"({"model":"Seedance-2.0","end_frame_fileID":"g","videoFileID1":"v"})") ==
          "invalid request.end_frame_fileID");
}

TEST_CASE("what genspool sets itself is refused by name") {
    for (const char* field : {"account", "maxJobs", "async", "replyUrl", "replyRef"})
        CHECK(check(R"({"prompt":"p",")" + std::string(field) + R"(":"1"})") ==
              "owned_by_genspool request." + std::string(field));
    // The upstream would take the last of two fields with one name.
    CHECK(check(R"({"prompt":"p","account":null})") == "invalid request.account");
    const auto refused = video().check(object(R"({"prompt":"p","account":"301"})"));
    CHECK(refused.error().message.find("the job's own account") != std::string::npos);
}

TEST_CASE("a video takes files of its own where it takes a fileID, and binds what it names") {
    CHECK(files(video(), R"({"model":"Seedance-2.0","fileID":{"$artifact":"J/0"},
              "fileID2":{"$artifact":"K/0"},"videoFileID1":{"$artifact":"L/0"},
              "audioFileID1":{"$artifact":"M/0"}})") ==
          "request.fileID image picture;request.fileID2 image picture;"
          "request.videoFileID1 video film;request.audioFileID1 audio sound;");
    CHECK(files(video(), R"({"model":"02","fileID":{"$artifact":"J/0"},
              "end_frame_fileID":{"$artifact":"K/0"}})") ==
          "request.fileID image picture;request.end_frame_fileID image picture;");
    CHECK(files(video(), R"({"prompt":{"$artifact":"J/0"}})") == "invalid request.prompt");
    const Checked checked = passed(R"({"fileID":"user:1-minimax:301-file:55"})");
    REQUIRE(checked.names.size() == 1);
    CHECK(checked.names[0] ==
          NamedThing{{Thing::Kind::file, std::string(file_id)}, "request.fileID"});
}

TEST_CASE("a price has what the length and size of a video are told by") {
    CHECK(passed(R"({"prompt":"p"})").price_key == "useapi.video/T2V-01");
    CHECK(passed(R"({"model":"02","prompt":"p","options":"768p-10sec"})").price_key ==
          "useapi.video/02/768p-10sec");
    CHECK(passed(R"({"model":"Seedance-2.0","prompt":"p"})").price_key ==
          "useapi.video/Seedance-2.0/720/5");
}

TEST_CASE("the paid request is the producer's, with account, callback and name in front") {
    const Call call = sent(video(), R"({"prompt":"a kite","x":1.50})");
    CHECK(call.method == "POST");
    CHECK(call.target == "/videos/create");
    CHECK(call.content_type == "application/json");
    CHECK(call.body == R"({"account":"301","replyRef":"01J#2",)"
                       R"("replyUrl":"https://spool.example/cb/x","prompt":"a kite","x":1.50})");
    CHECK(sent(video(), R"({"prompt":"p"})", "").body.find("account") == std::string::npos);
}

TEST_CASE("a video was bought where its id is told") {
    const auto bought = [](Reply reply) {
        return video().on_submit(spec(R"({"prompt":"p"})"), reply);
    };
    CHECK(want<Taken>(bought(ok(R"({"videoId":"user:1-minimax:301-video:9","data":{"id":"9"}})")))
              .tasks == std::vector{std::string(video_id)});
    CHECK(want<Taken>(bought(ok(R"({"videoIds":["a","b","a"]})"))).tasks ==
          std::vector<std::string>{"a", "b"});
    for (const char* body :
         {"{}", R"({"videoId":""})", R"({"videoId":null})", "[]", "7", R"({"data":{"id":"412"}})",
          "", "<html>", R"({"error":"no","code":400})"}) {
        CAPTURE(body);
        CHECK(want<Refusal>(bought(ok(body))).on_create == OnCreate::ambiguous);
    }
    CHECK(want<Refusal>(bought(reply(504, R"({"error":"busy","code":504})"))).on_create ==
          OnCreate::ambiguous);
}

TEST_CASE("a video is asked for by its id, as it stands") {
    CHECK(shown(video().poll(task(video_id))) == "GET /videos/user:1-minimax:301-video:9");
    CHECK(shown(video().poll(task("a/b?{account}"))) == "GET /videos/a%2Fb%3F%7Baccount%7D");
}

TEST_CASE("label and finality tell how a video stands, and its number nothing") {
    for (const char* word : {"pending", "queued", "processing"})
        CHECK(state(word, "false") == "running " + std::string(word));
    CHECK(state("Processing", "false") == "running Processing");
    const std::string link = R"(,"videoURL":"https://c.example/wm.mp4")";
    CHECK(state("completed", "true", link) == "done user:1-minimax:301-video:9 video/mp4,");
    CHECK(state("completed", "true") == "running? completed");
    CHECK(state("completed", "true", R"(,"videoURL":"")") == "running? completed");
    CHECK(state("completed", "false", link) == "running? completed");
    CHECK(state("failed", "true") == "failed task.failed again");
    CHECK(state("failed", "false") == "running? failed");
    CHECK(state("moderated", "true") == "failed task.moderated");
    CHECK(state("reviewing", "false") == "running? reviewing");
    CHECK(state("reviewing", "true", link) == "running? reviewing");
    CHECK(poll(R"({"status":2})") == "running? ");
    CHECK(poll("[]") == "running? ");
    // What is not told is read from the word.
    CHECK(poll(R"({"statusLabel":"failed"})") == "failed task.failed again");
    CHECK(poll(R"({"statusLabel":"completed","downloadURL":"https://c.example/v.mp4"})") ==
          "done user:1-minimax:301-video:9 video/mp4,");
    CHECK(poll("no JSON") == "refused reply.malformed");
}

TEST_CASE("a failed video keeps the upstream's words, and how far it is in its percent") {
    const auto outcome = video().on_poll(
        task(video_id),
        ok(R"({"statusLabel":"moderated","statusFinal":true,"message":"a real face"})"));
    const auto& failed = want<TaskFailed>(outcome);
    CHECK(failed.failure.message == "a real face");
    CHECK(failed.failure.failure == FailureClass::rejected);
    CHECK_FALSE(failed.unbilled);
    CHECK(failed.failure.upstream.find("real face") != std::string::npos);
    const auto running = video().on_poll(
        task(video_id), ok(R"({"statusLabel":"processing","statusFinal":false,"percent":42.5})"));
    CHECK(want<StillRunning>(running).permille == 425);
    const auto odd = video().on_poll(
        task(video_id), ok(R"({"statusLabel":"processing","statusFinal":false,"percent":-1})"));
    CHECK_FALSE(want<StillRunning>(odd).permille.has_value());
}

TEST_CASE("a video that is not found is gone, unless nobody there speaks JSON") {
    CHECK(polled(video(), video_id, reply(404, R"({"error":"not found"})")) == "gone");
    CHECK(polled(video(), video_id, reply(404, "")) == "gone");
    CHECK(polled(video(), video_id, reply(410, "{}")) == "gone");
    CHECK(polled(video(), video_id, reply(404, "404 page not found")) == "refused http.404");
    CHECK(polled(video(), video_id, reply(401, "{}")) == "refused http.401");
    CHECK(polled(video(), video_id, reply(503, "busy")) == "refused http.503");
    const auto gone = video().on_poll(task(video_id), reply(404, ""));
    CHECK(want<Refusal>(gone).failure.failure == FailureClass::expired);
    CHECK(want<Refusal>(gone).quarantine.scope == Scope::none);
}

TEST_CASE("a video's link is asked for anew, without a watermark where there is such") {
    CHECK(shown(video().link(source(video_id))) == "GET /videos/user:1-minimax:301-video:9");
    const auto link = [](Reply reply) { return video().on_link(source(video_id), reply); };
    CHECK(want<Link>(link(ok(R"({"videoURL":"https://c.example/wm.mp4",
              "downloadURL":"https://c.example/v.mp4"})")))
              .url == "https://c.example/v.mp4");
    CHECK(want<Link>(link(ok(R"({"videoURL":"https://c.example/wm.mp4","downloadURL":""})"))).url ==
          "https://c.example/wm.mp4");
    CHECK(want<Refusal>(link(ok("{}"))).on_query == OnQuery::again);
    CHECK(want<Refusal>(link(reply(404, "{}"))).on_query == OnQuery::gone);
    CHECK(want<Refusal>(link(reply(404, "{}"))).failure.failure == FailureClass::expired);
}

TEST_CASE("a cancelled video is called off, as far as the upstream can") {
    const auto call = video().cancel(task(video_id), "processing");
    REQUIRE(call.has_value());
    CHECK(shown(*call) == R"(POST /videos/cancel {"videoId":"user:1-minimax:301-video:9"})");
    CHECK_FALSE(video().on_cancel(ok("")).has_value());
}
