#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>

#include "proto/mcp/standing.hpp"
#include "tests/mcp/mcp_client.hpp"

using namespace genspool::tests;
namespace mcp = genspool::proto::mcp;

namespace {

constexpr const char* done_job =
    R"({"id":"01KAMZ3T","state":"succeeded","kind":"video","custom_id":"shot-1","partial":false,)"
    R"("cost":{"estimated":0.28,"spent":0.28,"uncertain":0,"unit":"USD"},"failure":null,)"
    R"("request":{"prompt":"a fox"},"artifacts":[)"
    R"({"n":0,"name":"reel/a.mp4","media_type":"video/mp4","bytes":11,"state":"home",)"
    R"("path":"/v/a"},)"
    R"({"n":1,"name":"a.txt","media_type":"text/plain","bytes":5,"state":"home"},)"
    R"({"n":2,"state":"lost"}]})";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string text(const boost::json::value& value) {
    return std::string(value.as_string());
}

std::string said_of(const std::string& state, const std::string& more = "") {
    return mcp::advice(
        boost::json::parse(R"({"id":"01KAMZ3T","state":")" + state + "\"" + more + "}"));
}

/// The job, and the bytes of its files.
mcp::ApiReply serve(const mcp::ApiCall& call) {
    if (call.target.ends_with("/artifacts/0")) return api_reply(200, "\x01\x02 a film");
    if (call.target.ends_with("/artifacts/1")) return api_reply(200, "words");
    if (call.target.starts_with("/v1/jobs/01KAMZ3T")) return api_reply(200, done_job);
    if (call.target.starts_with("/v1/jobs?"))
        return api_reply(200, R"({"jobs":[)" + std::string(done_job) + R"(],"next":"17"})");
    return api_reply(404, R"({"code":"not_found","detail":"There is no such job."})");
}

boost::json::value read(McpClient& client, const std::string& uri) {
    return client.say(R"({"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":")" +
                      uri + "\"}}");
}

}  // namespace

TEST_CASE("of a job under way it is said whether it is bought, and not to order it anew") {
    for (const std::string state : {"blocked", "queued", "preparing"}) {
        CHECK(contains(said_of(state), "Do not submit it again: call wait"));
        CHECK_FALSE(contains(said_of(state), "already"));
        CHECK_FALSE(mcp::has_settled(boost::json::parse(R"({"state":")" + state + "\"}")));
    }
    for (const std::string state : {"unknown", "running", "canceling", "fetching"}) {
        CHECK(contains(said_of(state), "bought already"));
        CHECK(contains(said_of(state), "Do not submit it again: call wait"));
    }
}

TEST_CASE("of a job that has settled it is said what it cost and who goes on") {
    CHECK(contains(said_of("held", R"(,"reason":"no answer came")"), "no answer came"));
    CHECK(contains(said_of("held"), "tell the user"));
    CHECK(contains(said_of("held"), "do not submit it again"));
    CHECK(contains(said_of("canceled", R"(,"attempt":0)"), "Nothing was paid"));
    CHECK(
        contains(said_of("canceled", R"(,"cost":{"spent":0.5,"unit":"USD"})"), "has cost 0.5 USD"));
    CHECK(contains(said_of("failed", R"(,"failure":{"class":"rejected","message":"bad words"})"),
                   "correct it and submit it anew"));
    const std::string lost =
        said_of("failed", R"(,"failure":{"class":"expired","message":"gone"},)"
                          R"("cost":{"spent":0.49,"uncertain":0,"unit":"USD"})");
    CHECK(contains(lost, "has cost 0.49 USD"));
    CHECK(contains(lost, "Do not submit it again: retry"));
    CHECK(contains(said_of("succeeded", R"(,"partial":true,"artifacts":[{"n":0}])"), "retry"));
    CHECK(mcp::has_settled(boost::json::parse(R"({"state":"held"})")));
}

TEST_CASE("a job that was bought at a price nobody knew is never called free") {
    constexpr const char* unpriced =
        R"(,"attempt":1,"cost":{"estimated":null,"spent":0,"uncertain":0,"unit":null})";
    for (const std::string state : {"failed", "canceled", "succeeded"}) {
        CAPTURE(state);
        const std::string words = said_of(state, unpriced);
        CHECK(contains(words, "what it cost is not known"));
        CHECK_FALSE(contains(words, "Nothing was paid"));
    }
    CHECK(contains(said_of("failed", R"(,"attempt":1,"cost":{"spent":0,"unit":"USD"})"),
                   "Nothing was paid"));
    CHECK(contains(said_of("failed", R"(,"attempt":0,"cost":{"spent":0,"unit":null})"),
                   "Nothing was paid"));
}

TEST_CASE("a job is left to a person only where retry cannot take it up") {
    const std::string poisoned =
        said_of("held", R"(,"failure":{"class":"poison"},"reason":"the process died 5 times")");
    CHECK(contains(poisoned, "retry takes it up"));
    CHECK_FALSE(contains(poisoned, "resolve"));
    CHECK(contains(said_of("held", R"(,"task":"t","failure":{"class":"expired"})"),
                   "retry takes it up"));
    CHECK(contains(said_of("held", R"(,"failure":{"class":"unknown"})"), "resolve"));
    // Left over from an earlier purchase.
    CHECK(contains(said_of("held", R"(,"task":null,"failure":{"class":"expired"})"), "resolve"));
}

TEST_CASE("a wait ends with the job, or says that it is still under way") {
    int asked = 0;
    McpClient client([&](const mcp::ApiCall&) {
        return api_reply(200, ++asked < 3 ? R"({"id":"x","state":"running","progress":0.4})"
                                          : R"({"id":"x","state":"succeeded"})");
    });
    client.tool("wait", R"({"id":"x","seconds":30})");
    CHECK(client.calls.back().wait_seconds == 30);
    CHECK(contains(client.words("wait", R"({"id":"x","seconds":0})"), "Still under way"));
    CHECK(client.calls.back().wait_seconds == 0);
    CHECK(contains(client.words("wait", R"({"id":"x"})"), "has succeeded"));
}

TEST_CASE("a local client waits in rounds and hears of progress where it wants to") {
    McpClient client([](const mcp::ApiCall&) {
        return api_reply(200, R"({"id":"x","state":"running","progress":0.4})");
    });
    client.client.local = true;
    client.tool("wait", R"({"id":"x","seconds":12})", R"({"progressToken":"t"})");
    REQUIRE(client.calls.size() == 3);
    CHECK(client.calls[0].wait_seconds == 5);
    CHECK(client.calls[2].wait_seconds == 2);
    REQUIRE(client.notifications.size() == 2);
    const auto notice = boost::json::parse(client.notifications[1]);
    CHECK(text(notice.at("method")) == "notifications/progress");
    CHECK(text(notice.at("params").at("progressToken")) == "t");
    CHECK(notice.at("params").at("progress").to_number<int>() == 10);
    CHECK(notice.at("params").at("total").to_number<int>() == 12);
    client.tool("wait", R"({"id":"x","seconds":12})");
    CHECK(client.notifications.size() == 2);
}

TEST_CASE("ids and filters reach the API encoded") {
    McpClient client([](const mcp::ApiCall&) { return api_reply(200, R"({"jobs":[]})"); });
    client.tool("show", R"({"id":"../queue/pause?x"})");
    CHECK(client.calls.back().target == "/v1/jobs/..%2Fqueue%2Fpause%3Fx");
    client.tool("list", R"({"state":"running","label":"film=reel 3","limit":5})");
    CHECK(client.calls.back().target == "/v1/jobs?state=running&label=film%3Dreel%203&limit=5");
    client.tool("list", "{}");
    CHECK(client.calls.back().target == "/v1/jobs?limit=20");
    client.tool("cancel", R"({"id":"x"})");
    CHECK(client.calls.back().target == "/v1/jobs/x/cancel");
    CHECK(client.calls.back().repeatable);
    client.tool("retry", R"({"id":"x"})");
    CHECK(client.calls.back().method == "POST");
    CHECK_FALSE(client.calls.back().repeatable);
}

TEST_CASE("show has the request, other tools spare the reader of it") {
    McpClient client(serve);
    CHECK(contains(client.words("show", R"({"id":"01KAMZ3T"})"), "a fox"));
    CHECK_FALSE(contains(client.words("wait", R"({"id":"01KAMZ3T"})"), "a fox"));
    CHECK_FALSE(contains(client.words("list", "{}"), "a fox"));
}

TEST_CASE("what a retry would buy twice is left to a person") {
    McpClient client([](const mcp::ApiCall&) {
        return api_reply(409, R"({"code":"needs_again","detail":"It may have been bought."})");
    });
    CHECK(contains(client.words("retry", R"({"id":"x"})"), "tell the user"));
}

TEST_CASE("fetch links the files that are there, for clients that know links") {
    McpClient client(serve);
    const auto result = client.tool("fetch", R"({"id":"01KAMZ3T"})");
    const auto& content = result.at("content").as_array();
    REQUIRE(content.size() == 3);
    CHECK(text(content[1].at("type")) == "resource_link");
    CHECK(text(content[1].at("uri")) == "genspool://jobs/01KAMZ3T/artifacts/0");
    CHECK(text(content[1].at("name")) == "a.mp4");
    CHECK(text(content[1].at("mimeType")) == "video/mp4");
    CHECK(content[1].at("size").to_number<int>() == 11);
    client.client.revision = "2025-03-26";
    CHECK(client.tool("fetch", R"({"id":"01KAMZ3T"})").at("content").as_array().size() == 1);
}

TEST_CASE("fetch saves each file under the last part of its name, and says where") {
    McpClient client([](const mcp::ApiCall& call) {
        if (call.save_as.empty()) return serve(call);
        return api_reply(200, "/home/u/" + call.save_in + "/" + call.save_as);
    });
    client.client.local = true;
    const auto result = client.tool("fetch", R"({"id":"01KAMZ3T","directory":"films"})");
    REQUIRE(client.calls.size() == 3);
    CHECK(client.calls[1].save_as == "a.mp4");
    CHECK(text(result.at("content").at(1).at("uri")) == "file:///home/u/films/a.mp4");
    CHECK(text(result.at("structuredContent").at("job").at("artifacts").at(1).at("saved")) ==
          "/home/u/films/a.txt");
}

TEST_CASE("files of one job with equal last parts are told apart, the same at each repeat") {
    McpClient client([](const mcp::ApiCall& call) {
        if (!call.save_as.empty()) return api_reply(200, "/home/u/a b#/" + call.save_as);
        return api_reply(200, R"({"id":"x","state":"succeeded","artifacts":[)"
                              R"({"n":0,"name":"1/a.mp4","state":"home","sha256":"ff"},)"
                              R"({"n":1,"name":"2/a.mp4","state":"home"},)"
                              R"({"n":2,"name":"3/a.mp4","state":"home"}]})");
    });
    client.client.local = true;
    for (int i = 0; i < 2; ++i) {
        client.calls.clear();
        const auto result = client.tool("fetch", R"({"id":"x","directory":"films"})");
        REQUIRE(client.calls.size() == 4);
        CHECK(client.calls[1].save_as == "a.mp4");
        CHECK(client.calls[1].save_sha256 == "ff");
        CHECK(client.calls[2].save_as == "a~2.mp4");
        CHECK(client.calls[3].save_as == "a~3.mp4");
        CHECK(text(result.at("content").at(1).at("uri")) == "file:///home/u/a%20b%23/a.mp4");
    }
}

TEST_CASE("a file that this machine would not take is told with what helps here") {
    McpClient client([](const mcp::ApiCall& call) {
        if (call.save_as.empty()) return serve(call);
        return mcp::ApiReply{mcp::ApiReply::Way::not_saved, 0, "cannot write a.mp4: disk full"};
    });
    client.client.local = true;
    const std::string words = client.words("fetch", R"({"id":"01KAMZ3T","directory":"films"})");
    CHECK(contains(words, "disk full"));
    CHECK(contains(words, "name another directory"));
    CHECK(contains(words, "The file is safe with the daemon"));
    CHECK_FALSE(contains(words, "Make this call again"));
}

TEST_CASE("fetch of a job under way says to wait") {
    McpClient client(
        [](const mcp::ApiCall&) { return api_reply(200, R"({"id":"x","state":"running"})"); });
    CHECK(contains(client.words("fetch", R"({"id":"x"})"), "call wait"));
    CHECK(client.tool("fetch", R"({"id":"x"})").at("isError").as_bool());
}

TEST_CASE("resources are the files that came home, page by page") {
    McpClient client(serve);
    const auto list =
        client.say(R"({"jsonrpc":"2.0","id":1,"method":"resources/list","params":{"cursor":"9"}})")
            .at("result");
    CHECK(client.calls[0].target == "/v1/jobs?state=succeeded&limit=50&cursor=9");
    REQUIRE(list.at("resources").as_array().size() == 2);
    CHECK(text(list.at("resources").at(0).at("uri")) == "genspool://jobs/01KAMZ3T/artifacts/0");
    CHECK(text(list.at("nextCursor")) == "17");
}

TEST_CASE("a small file can be read, as text or as bytes; a job as JSON") {
    McpClient client(serve);
    const auto film = read(client, "genspool://jobs/01KAMZ3T/artifacts/0").at("result");
    CHECK(text(film.at("contents").at(0).at("blob")) == "AQIgYSBmaWxt");
    const auto words = read(client, "genspool://jobs/01KAMZ3T/artifacts/1").at("result");
    CHECK(text(words.at("contents").at(0).at("text")) == "words");
    const auto job = read(client, "genspool://jobs/01KAMZ3T").at("result");
    CHECK(contains(text(job.at("contents").at(0).at("text")), "shot-1"));
}

TEST_CASE("what is no resource, is not there or too large is told so") {
    McpClient client(serve);
    const auto code = [&](const std::string& uri) {
        return read(client, uri).at("error").at("code").to_number<int>();
    };
    for (const std::string uri :
         {"", "file:///etc/passwd", "genspool://jobs/", "genspool://jobs/01KAMZ3T/artifacts/x",
          "genspool://jobs/01KAMZ3T/artifacts/2", "genspool://jobs/other"}) {
        CAPTURE(uri);
        client.client.revision = "2026-07-28";
        CHECK(code(uri) == -32602);
        client.client.revision = "2025-11-25";
        CHECK(code(uri) == -32002);
    }
    McpClient large([](const mcp::ApiCall&) {
        return api_reply(200, R"({"id":"x","state":"succeeded","artifacts":[)"
                              R"({"n":0,"bytes":3000000,"state":"home"}]})");
    });
    const auto answer = read(large, "genspool://jobs/x/artifacts/0");
    CHECK(contains(text(answer.at("error").at("message")), "3000000 bytes"));
    CHECK(large.calls.size() == 1);
}
