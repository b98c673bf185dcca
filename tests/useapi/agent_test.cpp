#include "proto/useapi/agent.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;
using useapi::agent;

namespace {

std::string check(std::string_view request) {
    return verdict(agent(), object(request));
}

/// A completed job with these attachments.
std::string job(std::string_view attachments, std::string_view words = "here you are") {
    return R"({"jobId":"p12-u1-a301-bot:minimax","status":"completed",)"
           R"("response":{"msg_content":")" +
           std::string(words) + R"(","attachments":[)" + std::string(attachments) + "]}}";
}

constexpr std::string_view film =
    R"({"type":1,"status":3,"file":{"fileUrl":"https://c.example/f.mp4","type":"video/mp4",
        "extra":{"no_watermark_url":"https://c.example/n.mp4",
                 "watermark_url":"https://c.example/w.mp4"}},
        "node":{"agentFile":{"url":"https://c.example/u.mp4",
                             "noWatermarkUrl":"https://c.example/m.mp4"}}})";
constexpr std::string_view picture =
    R"({"type":2,"file":{"fileUrl":"https://c.example/p.png","type":"image/png"}})";

std::string link_of(std::string_view attachment) {
    const auto outcome = agent().on_link(source(std::string(job_id) + "/0"), ok(job(attachment)));
    const auto* link = std::get_if<Link>(&outcome);
    return link != nullptr ? link->url : "";
}

}  // namespace

TEST_CASE("an agent is told what to make, with which models, and shown files") {
    CHECK(check("{}") == "missing request.prompt");
    CHECK(check(R"({"prompt":"p"})") == "missing request.models");
    CHECK(check(R"({"prompt":"p","models":"hailuo-2.3,nano-banana-2"})").empty());
    CHECK(check(R"({"prompt":"p","models":["hailuo-2.3"],"new":{"a":1}})").empty());
    CHECK(check(R"({"prompt":"p","models":[]})") == "invalid request.models");
    CHECK(check(R"({"prompt":"p","models":7})") == "invalid request.models");
    CHECK(check(R"({"prompt":"p","models":"m","async":false})") ==
          "owned_by_genspool request.async");
    CHECK(check(R"({"prompt":"p","models":"m","file":"https://c.example/a.png"})") ==
          "invalid request.file");
    CHECK(check(R"({"prompt":"p","models":"m","file":["data:image/png;base64,iVBORw0K","x"]})") ==
          "invalid request.file[1]");
    CHECK(check(R"({"prompt":"p","models":"m","file":"data:image/png;base64,iVBORw0K"})").empty());
    CHECK(files(agent(), R"({"prompt":"p","models":"m",
              "file":[{"$artifact":"J/0"},{"$artifact":"K/0"}]})") ==
          "request.file[0] image ;request.file[1] image ;");
    CHECK(files(agent(), R"({"prompt":"p","models":"m","file":{"$artifact":"J/0"}})") ==
          "request.file image ;");
    CHECK(agent().check(object(R"({"prompt":"p","models":["a","b"]})"))->price_key ==
          "useapi.agent/a,b");
}

TEST_CASE("an agent's request goes out as a form, and nobody waits for its end") {
    const Call call = sent(agent(), R"({"prompt":"a kite","models":["a","b"],"seed":7,"deep":[1],
        "nothing":null,"file":["data:image/png;base64,iVBORw0K"]})");
    CHECK(call.method == "POST");
    CHECK(call.target == "/agent");
    CHECK(call.content_type == "multipart/form-data; boundary=genspool-agent-0");
    const auto part = [](std::string_view name, std::string_view value) {
        return "--genspool-agent-0\r\nContent-Disposition: form-data; name=\"" + std::string(name) +
               "\"\r\n\r\n" + std::string(value) + "\r\n";
    };
    CHECK(call.body ==
          part("account", "301") + part("replyRef", "01J#2") +
              part("replyUrl", "https://spool.example/cb/x") + part("prompt", "a kite") +
              part("seed", "7") + part("deep", "[1]") + part("models", "a,b") +
              part("async", "true") +
              "--genspool-agent-0\r\nContent-Disposition: form-data; name=\"file\"; "
              "filename=\"input-0.png\"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\r\n"
              "--genspool-agent-0--\r\n");
    CHECK(sent(agent(), R"({"prompt":"p","models":"m"})", "").body.find("name=\"account\"") ==
          std::string::npos);
}

TEST_CASE("no text and no file ends the form before its end") {
    const Call text = agent().submit(spec(R"({"prompt":"agent-0","models":"m"})"));
    CHECK(text.content_type == "multipart/form-data; boundary=genspool-agent-1");
    // "agent-0 agent-1" in base64.
    const Call file = agent().submit(
        spec(R"({"prompt":"p","models":"m","file":"data:image/png;base64,YWdlbnQtMCBhZ2VudC0x"})"));
    CHECK(file.content_type == "multipart/form-data; boundary=genspool-agent-2");
    const Call name = agent().submit(spec(R"({"prompt":"p","models":"m","a\"\r\nb":"x"})"));
    CHECK(name.body.find("name=\"a___b\"") != std::string::npos);
    // Nor does the type that a file says it has.
    const Call type = agent().submit(
        spec(R"({"prompt":"p","models":"m","file":"data:a\r\nX: y;base64,iVBORw0K"})"));
    CHECK(type.body.find("Content-Type: a__X: y\r\n") != std::string::npos);
}

TEST_CASE("an agent's job was bought where its id is told") {
    const auto bought = [](int status, std::string body) {
        return agent().on_submit(spec("{}"), reply(status, std::move(body)));
    };
    for (const int status : {200, 201, 202})
        CHECK(
            want<Taken>(bought(status, R"({"jobId":"p12-u1-a301-bot:minimax","status":"started"})"))
                .tasks == std::vector{std::string(job_id)});
    CHECK(want<Refusal>(bought(200, "{}")).on_create == OnCreate::ambiguous);
    CHECK(want<Refusal>(bought(200, "[]")).on_create == OnCreate::ambiguous);
}

TEST_CASE("each file that an agent has made is an artifact") {
    CHECK(shown(agent().poll(task(job_id))) == "GET /agent/p12-u1-a301-bot:minimax");
    const auto poll = [](std::string body) { return polled(agent(), job_id, ok(std::move(body))); };
    CHECK(poll(R"({"status":"started"})") == "running started");
    CHECK(poll(R"({"status":"thinking"})") == "running? thinking");
    CHECK(poll("{}") == "running? ");
    CHECK(poll(job(film)) == "done p12-u1-a301-bot:minimax/0 video/mp4,");
    // What has no link is no file; the others keep their places.
    CHECK(poll(job(std::string(film) + ",{},7," + std::string(picture))) ==
          "done p12-u1-a301-bot:minimax/0 video/mp4, p12-u1-a301-bot:minimax/3 ,");
    const auto done = agent().on_poll(task(job_id), ok(job(film)));
    CHECK(want<TaskDone>(done).result == R"({"message":"here you are"})");
}

TEST_CASE("an agent that only talked has failed, with its own words, and is not asked twice") {
    for (const char* attachments : {"", "{}", R"({"file":{"fileUrl":""}})"}) {
        const auto outcome =
            agent().on_poll(task(job_id), ok(job(attachments, "what size shall it be?")));
        const auto& failed = want<TaskFailed>(outcome);
        CHECK(failed.failure.message == "what size shall it be?");
        CHECK(failed.failure.code == "agent.no_file");
        CHECK_FALSE(failed.again);
    }
    CHECK(polled(agent(), job_id, ok(R"({"status":"completed"})")) == "failed agent.no_file");
}

TEST_CASE("a failed agent says why in a text or an object") {
    const auto poll = [](std::string error) {
        return agent().on_poll(task(job_id),
                               ok(R"({"status":"failed","error":)" + std::move(error) + "}"));
    };
    const auto timed_out = poll(R"({"message":"timed out","status":504})");
    CHECK(want<TaskFailed>(timed_out).again);
    CHECK(want<TaskFailed>(timed_out).failure.message == "timed out");
    CHECK(want<TaskFailed>(timed_out).failure.failure == FailureClass::transient);
    CHECK_FALSE(want<TaskFailed>(poll(R"({"message":"no","status":422})")).again);
    CHECK_FALSE(want<TaskFailed>(poll(R"("no","code":400)")).again);
    CHECK(want<TaskFailed>(poll(R"("expired")")).failure.message == "expired");
    CHECK(want<TaskFailed>(poll("null")).failure.message == "the upstream gives no reason");
}

TEST_CASE("an agent's job that is malformed, foreign, unknown or too old is gone") {
    for (const int status : {400, 404, 410})
        CHECK(polled(agent(), job_id, reply(status, R"({"error":"x"})")) == "gone");
    CHECK(polled(agent(), job_id, reply(401, R"({"error":"x"})")) == "refused http.401");
}

TEST_CASE("a file's link is asked for anew, the one without a watermark first") {
    CHECK(shown(agent().link(source("p12-u1-a301-bot:minimax/3"))) ==
          "GET /agent/p12-u1-a301-bot:minimax");
    std::string one{film};
    for (const char* name : {"n", "m", "f", "u", "w"}) {
        const std::string url = "https://c.example/" + std::string(name) + ".mp4";
        CHECK(link_of(one) == url);
        one.replace(one.find(url), url.size(), "");
    }
    CHECK(link_of(one).empty());
    CHECK(want<Link>(agent().on_link(source("p12-u1-a301-bot:minimax/1"),
                                     ok(job(std::string(film) + "," + std::string(picture)))))
              .url == "https://c.example/p.png");
    for (const char* handle : {"p12/2", "p12/x", "p12", "p12/99999999999999999999"})
        CHECK(want<Refusal>(agent().on_link(source(handle), ok(job(film)))).on_query ==
              OnQuery::again);
    CHECK(want<Refusal>(agent().on_link(source("p12/0"), reply(404, "{}"))).on_query ==
          OnQuery::gone);
}
