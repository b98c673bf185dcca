// The free calls: what a user asks becomes the one call that it may, and what is answered is told.
#include "proto/useapi/resources.hpp"

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>

#include "proto/useapi/decommissioned.hpp"
#include "proto/useapi/provider.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

using Given = std::vector<std::pair<std::string, std::string>>;

const Resources& resources() {
    return *useapi_provider().resources();
}

const Resource& resource(std::string_view method, std::string_view path) {
    for (const Resource& each : resources().table())
        if (each.method == method && each.path == path) return each;
    throw std::runtime_error("no such resource: " + std::string(path));
}

/// As shown(), or "code field" where the values are refused.
std::string asked(std::string_view method, std::string_view path, const std::string& id = "",
                  const Given& given = {}, std::string_view account = "301") {
    const Resource& wanted = resource(method, path);
    const auto values = read_values(wanted, id, given);
    if (!values) return values.error().code + " " + values.error().field;
    return shown(resource_call(wanted, *values), account);
}

/// What becomes of the object that makes or changes an account.
std::string told(std::string_view body) {
    const Resource& wanted = resource("POST", "accounts");
    const auto values = read_object_values(wanted, object(body));
    if (!values) return values.error().code + " " + values.error().field;
    const Call call = resource_call(wanted, *values);
    CHECK(call.content_type == "application/json");
    return shown(call);
}

}  // namespace

TEST_CASE("each resource is asked for by one call, and ids stand in it as they are") {
    const std::string video{video_id};
    CHECK(asked("GET", "accounts") == "GET /accounts");
    CHECK(asked("GET", "accounts/{}", "302") == "GET /accounts/302");
    CHECK(asked("DELETE", "accounts/{}", "302") == "DELETE /accounts/302");
    CHECK(asked("GET", "features") == "GET /features/?account=301");
    CHECK(asked("GET", "features", "", {}, "") == "GET /features/");
    CHECK(asked("DELETE", "files/{}", std::string(file_id)) ==
          "DELETE /files/user:1-minimax:301-file:55");
    CHECK(asked("GET", "scheduler") == "GET /scheduler/");
    CHECK(asked("GET", "scheduler/available") == "GET /scheduler/available");
    CHECK(asked("DELETE", "scheduler/{}", video) == "DELETE /scheduler/" + video);
    CHECK(asked("GET", "agent/jobs") == "GET /agent/jobs");
    CHECK(asked("GET", "agent/jobs/{}", std::string(job_id)) ==
          "GET /agent/p12-u1-a301-bot:minimax");
    CHECK(asked("GET", "videos") == "GET /videos/?account=301");
    CHECK(asked("GET", "videos", "", {{"limit", "5"}, {"after", video}}) ==
          "GET /videos/?account=301&limit=5&lastVideoId=" + video);
    CHECK(asked("GET", "videos", "", {{"limit", "5"}}, "") == "GET /videos/?limit=5");
    CHECK(asked("GET", "videos/{}", video) == "GET /videos/" + video);
    CHECK(asked("DELETE", "videos/{}", video) == "DELETE /videos/" + video);
    CHECK(asked("GET", "images", "", {{"after", "i:7"}}) ==
          "GET /images/?account=301&lastImageId=i:7");
    CHECK(asked("GET", "images/{}", "i:7") == "GET /images/i:7");
    CHECK(asked("DELETE", "images/{}", "i:7") == "DELETE /images/i:7");
    CHECK(asked("GET", "speech", "", {{"page", "2"}, {"size", "100"}}) ==
          "GET /speech/?account=301&page=2&page_size=100");
    CHECK(asked("GET", "speech/{}", "a:8") == "GET /speech/a:8");
    CHECK(asked("DELETE", "speech/{}", "a:8") == "DELETE /speech/a:8");
    CHECK(asked("GET", "music/{}", "m:6") == "GET /music/m:6");
    CHECK(asked("GET", "voices", "", {{"page", "2"}}) == "GET /speech/voices/?account=301&page=2");
    CHECK(asked("GET", "characters", "", {{"size", "5"}}) ==
          "GET /videos/characters/?account=301&pageSize=5");
    CHECK(asked("GET", "templates", "", {{"template", "7"}}) ==
          "GET /videos/agent-templates/?account=301&templateId=7");
}

TEST_CASE("nothing that stands in a path leads out of it, or to another account") {
    for (const char* id : {"..", ".", "a/b", "a?b", "a%2Fb", "{account}", "", "a b"}) {
        CHECK(asked("GET", "videos/{}", id) == "invalid id");
        CHECK(asked("GET", "accounts/{}", id) == "invalid id");
    }
    CHECK(asked("GET", "accounts/{}", "a:b") == "invalid id");
    CHECK(asked("GET", "videos", "", {{"account", "302"}}) == "invalid account");
    CHECK(asked("GET", "templates", "", {{"template", "{account}"}}) ==
          "GET /videos/agent-templates/?account=301&templateId=%7Baccount%7D");
}

TEST_CASE("an account is made by what stands in the body, and by nothing else") {
    CHECK(told(R"({"url":"https://h.example/cursor?a=1","token":"ey.J","maxJobs":3})") ==
          R"(POST /accounts {"url":"https://h.example/cursor?a=1","token":"ey.J","maxJobs":3})");
    CHECK(told(R"({"url":"u","token":"t"})") == "missing maxJobs");
    CHECK(told(R"({"url":"u","token":"","maxJobs":3})") == "invalid token");
    CHECK(told(R"({"url":"u","token":["t"],"maxJobs":3})") == "invalid token");
    CHECK(told(R"({"url":"u","token":"t","maxJobs":0})") == "invalid maxJobs");
    CHECK(told(R"({"url":"u","token":"t","maxJobs":2.5})") == "invalid maxJobs");
    CHECK(told(R"({"url":"u","token":"t","maxJobs":3,"cookie":"c"})") == "invalid cookie");
    CHECK(told(R"({"url":"u","token":")" + std::string(16'385, 'a') + R"(","maxJobs":3})") ==
          "invalid token");
    // No refusal repeats it, and no answer.
    const Resource& wanted = resource("POST", "accounts");
    const auto values = read_object_values(
        wanted, object(R"({"url":"https://h.example","token":"open sesame","maxJobs":3})"));
    CHECK(secrets_in(*values) == std::vector<std::string>{"https://h.example", "open sesame"});
    const auto refused = read_object_values(resource("POST", "accounts"),
                                            object(R"({"url":"u","token":"sesame","maxJobs":-1})"));
    CHECK(refused.error().message.find("sesame") == std::string::npos);
}

TEST_CASE("what comes back is as it is, but for long numbers and tokens") {
    const auto told_of = [](const Reply& said) {
        return want<std::string>(resources().read(resource("GET", "accounts"), said));
    };
    CHECK(told_of(ok(R"({"301":{"jwt":{"token":"ey.J","exp":1800000000.5},)"
                     R"("userID":301000000000000001,"maxJobs":3}})")) ==
          R"({"301":{"jwt":{"token":"***","exp":1800000000.5},)"
          R"("userID":"301000000000000001","maxJobs":3}})");
    CHECK(told_of(reply(201, "[]")) == "[]");
    CHECK(told_of(reply(204, "")) == "{}");
    CHECK(told_of(ok("")) == "{}");
    const auto refused = [](const Reply& said) {
        return want<Refusal>(resources().read(resource("GET", "accounts"), said)).failure;
    };
    CHECK(refused(reply(404, R"({"error":"no accounts configured"})")).message ==
          "no accounts configured");
    CHECK(refused(reply(404, "")).code == "http.404");
    CHECK(refused(ok("no JSON")).code == "reply.malformed");
}

TEST_CASE("a file is remembered as the account's own, and what is taken away may be goods") {
    const auto values = *read_values(resource("POST", "files"), "", Given{});
    const auto made = resources().uploaded(values, ok(R"({"fileID":"f:55","ossPath":"x"})"));
    REQUIRE(made.has_value());
    CHECK(made->thing == Thing{Thing::Kind::file, "f:55"});
    CHECK_FALSE(resources().uploaded(values, ok("{}")).has_value());
    Input file;
    file.media_type = "image/png";
    CHECK(shown(resources().upload(values, file, "bytes")) == "POST /files/?account=301 bytes");
    std::set<std::string> names;
    for (const Resource& each : resources().table()) {
        CAPTURE(each.path);
        CHECK(names.insert(std::string(each.method) + " " + std::string(each.path)).second);
        CHECK(each.endpoint.starts_with(each.method));
        CHECK(resources().takes_goods(each, {}) == (each.method == "DELETE"));
        CHECK((each.path.find("{}") != std::string::npos) == !each.id.name.empty());
    }
}

TEST_CASE("nothing in the list creates or buys") {
    for (const Resource& each : resources().table())
        if (each.method == "POST")
            CHECK((each.endpoint == "POST /accounts" || each.path == "files"));
}

TEST_CASE("what useapi.net has no more is refused with its story") {
    const auto gone = [](std::string_view method, std::string_view path) {
        return resources().gone(method, path);
    };
    CHECK(gone("GET", "llm") ==
          "useapi.net has had no /llm/* since 2025-11-24; chat is a kind of provider minimax.");
    CHECK(gone("DELETE", "llm/7").find("2025-11-24") != std::string::npos);
    CHECK(gone("GET", "audio/voices").find("kind tts") != std::string::npos);
    CHECK(gone("POST", "audio/create-mp3").find("2025-08-21") != std::string::npos);
    CHECK(gone("GET", "music/styles").find("prompt") != std::string::npos);
    CHECK(gone("GET", "music/create?prompt=x").find("POST /music/create") != std::string::npos);
    CHECK(gone("GET", "music/").find("{musicId}") != std::string::npos);
    CHECK(gone("GET", "files").find("fileID") != std::string::npos);
    CHECK(gone("POST", "accounts/301").find("POST /accounts") != std::string::npos);
    for (const char* current : {"accounts", "audiobooks", "llms", "videos", "speech"})
        for (const char* method : {"GET", "POST", "DELETE"})
            CHECK(gone(method, current).empty());
    CHECK(gone("POST", "music/create").empty());
    CHECK(gone("DELETE", "files/f:55").empty());
    CHECK(gone("GET", "accounts/301").empty());
    for (const useapi::Decommissioned& each : useapi::decommissioned())
        CHECK_FALSE(each.instead.empty());
}
