// The free calls: what a user asks becomes the one call that it may, and what is answered is told.
#include "proto/minimax/resources.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "proto/minimax/provider.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

using Given = std::vector<std::pair<std::string, std::string>>;

const Resources& resources() {
    return *minimax_provider().resources();
}

const Resource& resource(std::string_view method, std::string_view path) {
    for (const Resource& each : resources().table())
        if (each.method == method && each.path == path) return each;
    throw std::runtime_error("no such resource: " + std::string(path));
}

/// "METHOD target body", or "code field" where the values are refused.
std::string sent(std::string_view method, std::string_view path, const std::string& id,
                 const Given& given = {}) {
    const Resource& asked = resource(method, path);
    const auto values = read_values(asked, id, given);
    if (!values) return values.error().code + " " + values.error().field;
    const Call call = resource_call(asked, *values);
    CHECK(call.content_type == (call.body.empty() ? "" : "application/json"));
    return call.method + " " + call.target + (call.body.empty() ? "" : " " + call.body);
}

ResourceOutcome read(std::string_view path, const Reply& reply) {
    return resources().read(resource("GET", path), reply);
}

}  // namespace

TEST_CASE("each resource is asked for by one call of the upstream's") {
    CHECK(sent("GET", "files", "", {{"purpose", "voice_clone"}}) ==
          "GET /v1/files/list?purpose=voice_clone");
    CHECK(sent("GET", "files/{}", "176844028768320") ==
          "GET /v1/files/retrieve?file_id=176844028768320");
    CHECK(sent("GET", "files/{}/content", "7") == "GET /v1/files/retrieve_content?file_id=7");
    // A number above 2^53 stays what it is, and stays a number.
    CHECK(sent("DELETE", "files/{}", "9223372036854775807", {{"purpose", "prompt_audio"}}) ==
          R"(POST /v1/files/delete {"file_id":9223372036854775807,"purpose":"prompt_audio"})");
    CHECK(sent("GET", "voices", "") == R"(POST /v1/get_voice {"voice_type":"all"})");
    CHECK(sent("GET", "voices", "", {{"type", "system"}}) ==
          R"(POST /v1/get_voice {"voice_type":"system"})");
    CHECK(sent("DELETE", "voices/{}", "old \"sailor\"", {{"type", "voice_cloning"}}) ==
          R"(POST /v1/delete_voice {"voice_id":"old \"sailor\"","voice_type":"voice_cloning"})");
    CHECK(sent("GET", "tasks", "") == "GET /v2/query/video_generation");
    CHECK(sent("GET", "tasks", "",
               {{"page", "2"},
                {"size", "50"},
                {"status", "failed"},
                {"model", "A&B"},
                {"type", "regeneration"}}) ==
          "GET /v2/query/video_generation?filter.status=failed&filter.model=A%26B"
          "&filter.task_type=regeneration&page_num=2&page_size=50");
    CHECK(sent("GET", "tasks/{}", "424010985738629") ==
          "GET /v2/query/video_generation/424010985738629");
    CHECK(sent("GET", "batches", "") == "GET /v1/batches");
    CHECK(sent("GET", "batches", "", {{"limit", "5"}, {"after", "batch_1"}}) ==
          "GET /v1/batches?limit=5&after=batch_1");
    CHECK(sent("GET", "batches/{}", "batch_QPMr") == "GET /v1/batches/batch_QPMr");
    CHECK(sent("GET", "plan", "") == "GET /v1/token_plan/remains");
    CHECK(sent("GET", "models", "") == "GET /v1/models");
}

TEST_CASE("what is wrong is refused before anything is sent, and named") {
    CHECK(sent("GET", "files", "") == "missing purpose");
    CHECK(sent("GET", "files", "", {{"purpose", ""}}) == "invalid purpose");
    CHECK(sent("GET", "files", "", {{"purpose", "a\r\nb"}}) == "invalid purpose");
    CHECK(sent("GET", "files", "", {{"purpose", "batch"}, {"prupose", "batch"}}) ==
          "invalid prupose");
    for (const char* id : {"x", "0", "-1", "007", "1.0", "9223372036854775808", " 1"})
        CHECK(sent("GET", "files/{}", id) == "invalid id");
    CHECK(sent("DELETE", "files/{}", "7") == "missing purpose");
    CHECK(sent("DELETE", "voices/{}", "sailor") == "missing type");
    CHECK(sent("DELETE", "voices/{}", std::string(257, 'a'), {{"type", "voice_cloning"}}) ==
          "invalid id");
    // Nothing that stands in a path leads out of it.
    for (const char* id : {"..", ".", "a/b", "a?b", "a%2Fb", ""}) {
        CHECK(sent("GET", "tasks/{}", id) == "invalid id");
        CHECK(sent("GET", "batches/{}", id) == "invalid id");
    }
    CHECK(sent("GET", "tasks", "", {{"page", "0"}}) == "invalid page");
    CHECK(sent("GET", "plan", "", {{"page", "1"}}) == "invalid page");
}

TEST_CASE("nothing in the list creates or buys") {
    const std::set<std::string_view> changing = {"POST /v1/files/upload", "POST /v1/files/delete",
                                                 "POST /v1/get_voice", "POST /v1/delete_voice"};
    std::set<std::string> seen;
    for (const Resource& each : resources().table()) {
        CAPTURE(each.path);
        CHECK(seen.insert(std::string(each.method) + " " + std::string(each.path)).second);
        CHECK((each.endpoint.starts_with("GET /") || changing.contains(each.endpoint)));
        CHECK((each.method != "GET") ==
              (each.endpoint.starts_with("POST") && each.endpoint != "POST /v1/get_voice"));
        CHECK((each.path.find("{}") != std::string::npos) == !each.id.name.empty());
    }
}

TEST_CASE("a file is uploaded under its own name, which cannot end the form") {
    const auto values =
        read_values(resource("POST", "files"), "",
                    Given{{"purpose", "voice_clone"}, {"filename", "a\"\r\n\r\nb.mp3"}});
    REQUIRE(values.has_value());
    Input file;
    file.sha256 = std::string(64, 'c');
    file.media_type = "audio/mpeg";
    const Call call = resources().upload(*values, file, "the bytes");
    CHECK(call.method + " " + call.target == "POST /v1/files/upload");
    CHECK(call.body.find("name=\"purpose\"\r\n\r\nvoice_clone\r\n") != std::string::npos);
    CHECK(call.body.find(
              "filename=\"a_____b.mp3\"\r\nContent-Type: audio/mpeg\r\n\r\nthe bytes\r\n") !=
          std::string::npos);
}

TEST_CASE("an answer is handed on as it is, but for ids, which are text") {
    const auto told = [](std::string_view path, std::string body) {
        return want<std::string>(read(path, ok(std::move(body))));
    };
    CHECK(told("files/{}", R"({"file":{"file_id":1152921504606846977,"bytes":5896337},)"
                           R"("base_resp":{"status_code":0}})") ==
          R"({"file":{"file_id":"1152921504606846977","bytes":5896337},)"
          R"("base_resp":{"status_code":0}})");
    CHECK(told("voices", R"({"system_voice":null,"base_resp":{"status_code":0}})") ==
          R"({"system_voice":null,"base_resp":{"status_code":0}})");
    CHECK(told("tasks", R"({"items":[{"id":"4","status":"Reviewing"}],"total":476})") ==
          R"({"items":[{"id":"4","status":"Reviewing"}],"total":476})");
    CHECK(told("batches", R"({"object":"list","data":[{"id":7,"input_file_id":8}]})") ==
          R"({"object":"list","data":[{"id":"7","input_file_id":"8"}]})");
    CHECK(
        told("plan", R"({"model_remains":[{"model_name":"general","remaining_percent":12.50}]})") ==
        R"({"model_remains":[{"model_name":"general","remaining_percent":12.50}]})");
}

TEST_CASE("a refusal keeps the upstream's code and words") {
    const auto refused = [](std::string_view path, const Reply& reply) {
        return want<Refusal>(read(path, reply));
    };
    CHECK(refused("files", coded(1004, "login fail")).failure.failure == FailureClass::account);
    CHECK(refused("files", coded(1002)).failure.failure == FailureClass::rate_limited);
    const Refusal unknown = refused("files/{}", coded(2013, "invalid params, file_id"));
    CHECK(unknown.on_query == OnQuery::gone);
    CHECK(unknown.failure.message == "invalid params, file_id");
    const Refusal task = refused(
        "tasks/{}", reply(400, R"j({"type":"error","error":{"message":"no task (2013)"}})j"));
    CHECK(task.failure.code == "2013");
    CHECK(refused("models", reply(502, "<html>Bad Gateway</html>")).failure.failure ==
          FailureClass::transient);
    CHECK(refused("plan", ok("no JSON")).failure.code == "reply.malformed");
    CHECK(refused("batches", reply(404, "404 page not found")).failure.code == "http.404");
}

TEST_CASE("a file may be JSON itself; only a base_resp makes it a refusal") {
    const auto is_file = [](const Reply& reply) {
        return std::holds_alternative<std::string>(read("files/{}/content", reply));
    };
    CHECK(is_file(ok("\x89PNG")));
    CHECK(is_file(ok("")));
    CHECK(is_file(ok("{\"custom_id\":\"a\",\"error\":{\"code\":\"1026\"}}\n")));
    CHECK(is_file(ok("{\"a\":1}\n{\"b\":2}\n")));
    CHECK_FALSE(is_file(coded(2013)));
    CHECK_FALSE(is_file(reply(404, "404 page not found")));
    CHECK_FALSE(is_file(reply(502, "<html>")));
    CHECK(want<std::string>(read("files/{}/content", ok(R"({"file_id":7})"))) ==
          R"({"file_id":7})");
}

TEST_CASE("only a file of a purpose that users upload for is surely nobody's goods") {
    const auto goods = [](const char* purpose) {
        const Resource& asked = resource("DELETE", "files/{}");
        return resources().takes_goods(asked,
                                       *read_values(asked, "7", Given{{"purpose", purpose}}));
    };
    CHECK(goods("video_generation"));
    CHECK(goods("t2a_async"));
    CHECK(goods("batch"));
    CHECK(goods("something_new"));
    CHECK_FALSE(goods("voice_clone"));
    CHECK_FALSE(goods("video_generation_input"));
    const Resource& voice = resource("DELETE", "voices/{}");
    CHECK_FALSE(resources().takes_goods(
        voice, *read_values(voice, "sailor", Given{{"type", "voice_cloning"}})));
}
