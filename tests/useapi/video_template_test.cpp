#include "proto/useapi/video_template.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;
using useapi::video_template;

namespace {

std::string check(std::string_view request) {
    return verdict(video_template(), object(request));
}

SubmitOutcome bought(std::string body, int status = 200, const char* type = "text/event-stream") {
    Reply answer = reply(status, std::move(body));
    answer.headers.emplace_back("Content-Type", type);
    return video_template().on_submit(spec("{}"), answer);
}

}  // namespace

TEST_CASE("a template is named, and a picture that was uploaded before with both its names") {
    CHECK(check("{}") == "missing request.templateId");
    CHECK(check(R"({"templateId":"7","prompt":"p","maxItems":3})").empty());
    CHECK(check(R"({"templateId":7})").empty());
    CHECK(check(R"({"templateId":"7","fileID":"f"})") == "missing request.ossPath");
    CHECK(check(R"({"templateId":"7","fileID":"f","ossPath":"https://c.example/f"})").empty());
    CHECK(check(R"({"templateId":"7","ossPath":"https://c.example/f"})") ==
          "invalid request.ossPath");
    CHECK(check(R"({"templateId":"7","fileID":{"$file":"sha256:a"},"ossPath":"x"})") ==
          "invalid request.ossPath");
    CHECK(check(R"({"templateId":"7","account":"1"})") == "owned_by_genspool request.account");
    CHECK(files(video_template(), R"({"templateId":"7","fileID":{"$artifact":"J/0"}})") ==
          "request.fileID image placed picture;");
    CHECK(video_template().check(object(R"({"templateId":7})"))->price_key ==
          "useapi.video_template/7");
}

TEST_CASE("a picture that is uploaded on the way goes out under both its names") {
    const std::string filled = R"({"templateId":"7","fileID":"f https://c.example/f"})";
    CHECK(check(filled).empty());
    CHECK(sent(video_template(), filled).body ==
          R"({"account":"301","replyRef":"01J#2","replyUrl":"https://spool.example/cb/x",)"
          R"("templateId":"7","fileID":"f","ossPath":"https://c.example/f"})");
    CHECK(sent(video_template(), filled).target == "/videos/agent-create");
    CHECK(sent(video_template(), R"({"templateId":"7","n":1.50})")
              .body.ends_with(R"("templateId":"7","n":1.50})"));
}

TEST_CASE("the stream that tells a video has bought it, wherever it stands in it") {
    CHECK(want<Taken>(bought("data: {\"progress\":5}\n\ndata: {\"videoId\":\"v:1\"}\n\n")).tasks ==
          std::vector<std::string>{"v:1"});
    CHECK(want<Taken>(bought("event: done\ndata: {\"result\":[{\"x\":{\"videoId\":\"v:1\"}}]}\n\n"))
              .tasks == std::vector<std::string>{"v:1"});
    CHECK(want<Taken>(bought("data: {\"videoId\":\"v:1\"}", 200, "text/plain")).tasks ==
          std::vector<std::string>{"v:1"});
    CHECK(want<Taken>(bought(R"({"videoId":"v:1"})", 200, "application/json")).tasks ==
          std::vector<std::string>{"v:1"});
    CHECK(want<Taken>(bought(": keep\n\ndata: [DONE]\n\ndata: {\"videoId\":\"v:1\"}\n\n")).tasks ==
          std::vector<std::string>{"v:1"});
}

TEST_CASE("a stream that tells no video may have bought one all the same") {
    for (const char* body :
         {"", "data: {\"progress\":99}\n\n", "data: {\"error\":\"x\",\"code\":422}\n\n",
          "data: {\"videoId\":\"\"}\n\n", "data: {\"videoId\":\"v"}) {
        CAPTURE(body);
        CHECK(want<Refusal>(bought(body)).on_create == OnCreate::ambiguous);
    }
    CHECK(want<Refusal>(bought(R"({"error":"no credits"})", 412, "application/json")).on_create ==
          OnCreate::not_created);
    CHECK(want<Refusal>(bought("data: {}\n\n", 504)).on_create == OnCreate::ambiguous);
}

TEST_CASE("a video of a template is asked for and called off like any other") {
    CHECK(shown(video_template().poll(task(video_id))) == "GET /videos/user:1-minimax:301-video:9");
    CHECK(shown(*video_template().cancel(task(video_id), "")) ==
          R"(POST /videos/cancel {"videoId":"user:1-minimax:301-video:9"})");
}
