// What runs, and what an account has bought: what cannot be read whole proves nothing by silence.
#include <doctest/doctest.h>

#include "proto/useapi/agent.hpp"
#include "proto/useapi/image.hpp"
#include "proto/useapi/music.hpp"
#include "proto/useapi/speech.hpp"
#include "proto/useapi/video.hpp"
#include "proto/useapi/video_template.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;
using namespace useapi;

namespace {

// A picture stands under the name of a video, as has been seen.
constexpr std::string_view scheduler_says =
    R"([{"videoId":"user:1-minimax:301-video:9","started":"2027-01-01T12:00:00.000Z",
         "elapsed":"03:57","replyRef":"01J#2"},
        {"videoId":"user:1-minimax:301-image:7","started":1798804800000,
         "elapsed":"00:00"},
        {"audioId":"user:1-minimax:302-audio:8","replyRef":"other","elapsed":"09:59"},
        {"musicId":"user:1-minimax:301-music:6","elapsed":"0:01:02"}])";

Reply scheduler() {
    return ok(std::string(scheduler_says));
}

Reply agents() {
    return ok(R"({"accounts":["301"],"summary":{"301":{"executing":2}},
        "executing":{"301":[{"jobId":"p1-u1-a301-bot:minimax","elapsed":"02:15"}],
                     "302":[{"jobId":"p2-u1-a302-bot:minimax","elapsed":7}]}})");
}

std::string videos(std::string_view items, std::string_view page = "-") {
    return listed(video(), page, ok("[" + std::string(items) + "]"));
}

}  // namespace

TEST_CASE("what the scheduler lists runs, each op's by their ids") {
    CHECK(shown(video().poll_many({}, "")) == "GET /scheduler/");
    CHECK(polled_together(video(), scheduler()) ==
          "user:1-minimax:301-video:9 running executing; ");
    CHECK(polled_together(video_template(), scheduler()) ==
          "user:1-minimax:301-video:9 running executing; ");
    CHECK(polled_together(image(), scheduler()) ==
          "user:1-minimax:301-image:7 running executing; ");
    CHECK(polled_together(speech(), scheduler()) ==
          "user:1-minimax:302-audio:8 running executing; ");
    CHECK(polled_together(music(), scheduler()) ==
          "user:1-minimax:301-music:6 running executing; ");
    CHECK(polled_together(video(), ok("[]")).empty());
    CHECK(polled_together(video(), ok(R"({"executing":[],"available":[]})")).empty());
    CHECK(polled_together(video(), ok("{}")) == "reply.incomplete");
    CHECK(polled_together(video(), ok("[7]")) == "reply.incomplete");
    CHECK(polled_together(video(), reply(401, "{}")) == "http.401");
    CHECK(shown(agent().poll_many({}, "")) == "GET /agent/jobs");
    CHECK(polled_together(agent(), agents()) ==
          "p1-u1-a301-bot:minimax running started; p2-u1-a302-bot:minimax running started; ");
    CHECK(polled_together(agent(), ok(R"({"executing":{"301":[{}]}})")) == "reply.incomplete");
    CHECK(polled_together(agent(), ok("{}")) == "reply.incomplete");
}

TEST_CASE("what is listed for long, or for nobody knows how long, is asked for singly") {
    const auto told = [](std::string_view elapsed) {
        return polled_together(video(),
                               ok(R"([{"videoId":"user:1-minimax:301-video:9","elapsed":)" +
                                  std::string(elapsed) + "}]"));
    };
    CHECK_FALSE(told(R"("09:59")").empty());
    for (const char* elapsed : {R"("10:00")", R"("1:00:00")", R"("")", R"("soon")", R"("1:x")",
                                R"("99999999999999999999:00")", "null", "{}"})
        CHECK(told(elapsed).empty());
    CHECK(polled_together(agent(), ok(R"({"executing":{"301":[{"jobId":"p1"}]}})")).empty());
}

TEST_CASE("a lost send is looked for in the scheduler first, by its name") {
    for (const Codec* codec : {&video(), &video_template(), &image(), &speech(), &music()})
        CHECK(shown(codec->list("")) == "GET /scheduler/");
    CHECK(listed(video(), "", scheduler()) == "user:1-minimax:301-video:9 named 01J#2; -");
    CHECK(listed(image(), "", scheduler()) == "user:1-minimax:301-image:7; -");
    CHECK(listed(speech(), "", scheduler()) == "user:1-minimax:302-audio:8 named other; 1");
    // Songs that are finished are in no list, so that nothing is proven by this one.
    CHECK(listed(music(), "", scheduler()) == "part: user:1-minimax:301-music:6; ");
    // Whether videos of templates stand in the list of videos, nobody has told us.
    CHECK(listed(video_template(), "", ok("[]")).starts_with("part: "));
    CHECK(listed(video_template(), "-", ok("[]")) == "part: ");
    CHECK(listed(video(), "", ok(R"([{"replyRef":"01J#2"}])")) == "reply.incomplete");
    CHECK(listed(video(), "", ok("{}")) == "reply.incomplete");
    CHECK(listed(music(), "", reply(500, "")) == "http.500");
}

TEST_CASE("then in the list of videos, which is read until it ends") {
    CHECK(shown(video().list("-")) == "GET /videos/?account=301&limit=30");
    CHECK(shown(video().list("-"), "") == "GET /videos/?limit=30");
    CHECK(shown(video().list("user:1-minimax:301-video:9")) ==
          "GET /videos/?account=301&limit=30&lastVideoId=user:1-minimax:301-video:9");
    const std::string one = R"({"videoId":"v:9","desc":" a kite\n","createTime":1798804800123})";
    CHECK(videos(one) == "v:9 as useapi.video/a kite at 1798804800123; v:9");
    CHECK(videos(one + R"(,{"videoId":"v:8"})") ==
          "v:9 as useapi.video/a kite at 1798804800123; v:8; v:8");
    CHECK(videos(R"({"videoId":"v:9","desc":""})") == "v:9 as useapi.video/; v:9");
    CHECK(videos("") == "");
    // A time that cannot be one is none.
    CHECK(videos(R"({"videoId":"v:9","createTime":1798804800})") == "v:9; v:9");
    CHECK(videos(R"({"videoId":"v:9","createTime":"soon"})") == "v:9; v:9");
    CHECK(videos(one + R"(,{"id":"412"})") ==
          "part: v:9 as useapi.video/a kite at 1798804800123; ");
    CHECK(videos("7") == "part: ");
    CHECK(listed(video(), "-", ok("{}")) == "part: ");
    CHECK(listed(video(), "-", reply(400, R"({"error":"account"})")) == "part: ");
    CHECK(listed(video(), "-", reply(404, "{}")) == "part: ");
    CHECK(listed(video(), "-", reply(502, "")) == "http.502");
    CHECK(listed(video(), "-", reply(401, "{}")) == "http.401");
    CHECK(listed(video(), "-", ok("no JSON")) == "reply.malformed");
    // Who begins anew where it was to go on would be read for ever.
    CHECK(videos(one, "v:9") == "part: ");
}

TEST_CASE("a request is known in the list by its prompt, as far as that is shown") {
    const auto listed_as = [](const Codec& codec, std::string_view request) {
        return codec.check(object(request))->listed_as;
    };
    CHECK(listed_as(video(), R"({"prompt":" a kite\n"})") == "useapi.video/a kite");
    CHECK(listed_as(video(), R"({"fileID":"f"})") == "useapi.video/");
    CHECK(listed_as(video_template(), R"({"templateId":"7","prompt":"a kite"})") ==
          "useapi.video/a kite");
    CHECK(listed_as(image(), R"({"prompt":"a kite"})") == "useapi.image/a kite");
    CHECK(listed_as(agent(), R"({"prompt":"a kite","models":"m"})") == "useapi.agent/a kite");
    CHECK(listed_as(speech(), R"({"text":"t","voice_id":"1"})") == "useapi.speech");
    CHECK(listed_as(music(), R"({"prompt":"p"})") == "useapi.music");
    const std::string prompt(1'500, 'a');
    const std::string shown = listed_as(video(), R"({"prompt":")" + prompt + "\"}");
    CHECK(shown.size() < 150);
    CHECK(shown != listed_as(video(), R"({"prompt":")" + prompt.substr(1) + "b\"}"));
    CHECK(videos(R"({"videoId":"v:9","desc":")" + prompt + "\"}") == "v:9 as " + shown + "; v:9");
}

TEST_CASE("the pictures of one purchase are told together") {
    CHECK(shown(image().list("-")) == "GET /images/?account=301&limit=30");
    CHECK(shown(image().list("i:7")) == "GET /images/?account=301&limit=30&lastImageId=i:7");
    CHECK(listed(image(), "-", ok(R"({"images":[
              {"imageId":"i:7","desc":"p","createTime":1798804800000,"batchID":"3578"},
              {"imageId":"i:6","desc":"p","createTime":1798804800000,"batchID":3578}]})")) ==
          "i:7 as useapi.image/p at 1798804800000 of 3578; "
          "i:6 as useapi.image/p at 1798804800000 of 3578; i:6");
    CHECK(listed(image(), "-", ok("[]")) == "part: ");
}

TEST_CASE("the list of clips shows too little to tell whose one is") {
    CHECK(shown(speech().list("2")) == "GET /speech/?account=301&page=2&page_size=100");
    CHECK(listed(speech(), "1", ok(R"({"audio_list":[{"audio_id":"a:8","audio_title":"t",
              "update_time":1798804800000}],"total":101,"has_more":true})")) ==
          "a:8 at 1798804800000; 2");
    CHECK(listed(speech(), "2", ok(R"({"audio_list":[{"audio_id":7}],"has_more":false})")) ==
          "7; ");
    CHECK(listed(speech(), "3", ok(R"({"audio_list":[{"audio_id":"a"}]})")) == "a; 4");
    CHECK(listed(speech(), "4", ok(R"({"audio_list":[],"has_more":true})")) == "");
    CHECK(listed(speech(), "1", ok(R"({"audio_list":[{}]})")) == "part: ");
    CHECK(listed(speech(), "1", ok("{}")) == "part: ");
    CHECK(listed(speech(), "1", reply(500, "")) == "http.500");
    const auto page = speech().on_list("1", ok(R"({"audio_list":[],"total":101})"));
    CHECK(want<ListPage>(page).total == 101);
}

TEST_CASE("each agent's job that runs is asked for the name of its send") {
    CHECK(shown(agent().list("")) == "GET /agent/jobs");
    CHECK(listed(agent(), "", agents()) ==
          "part: p1-u1-a301-bot:minimax; p2-u1-a302-bot:minimax; "
          "p1-u1-a301-bot:minimax p2-u1-a302-bot:minimax");
    CHECK(shown(agent().list("p1:x p2:y p3:z")) == "GET /agent/p1:x");
    CHECK(listed(agent(), "p1:x p2:y p3:z",
                 ok(R"({"created":"2027-01-01T12:00:00.5Z","request":{"prompt":"a kite",
                     "replyRef":"01J#2"}})")) ==
          "part: p1:x as useapi.agent/a kite at 1798804800500 named 01J#2; p2:y p3:z");
    CHECK(listed(agent(), "p3:z", ok("{}")) == "part: p3:z; ");
    CHECK(listed(agent(), "p1:x p2:y", reply(404, "{}")) == "part: p2:y");
    CHECK(listed(agent(), "p1:x p2:y", reply(502, "")) == "http.502");
    CHECK(listed(agent(), "", ok(R"({"executing":{}})")) == "part: ");
}
