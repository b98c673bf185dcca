// Creates with a task, queries and downloads, as a client of the upstream's own API sees them.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <string>

#include "tests/gateway/gateway_world.hpp"
#include "tests/support/await.hpp"
#include "workers/digest.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

std::string text(const boost::json::value& value, std::string_view name) {
    return std::string(value.at(name).as_string());
}

}  // namespace

TEST_CASE("a video is created, asked for, retrieved and downloaded without a key") {
    GatewayWorld world;
    auto client = world.alice();
    const ApiReply created = client.post("/minimax/v1/video_generation?GroupId=17", film("a kite"));
    REQUIRE(created.status == 200);
    CHECK(code_of(created) == 0);
    const std::string task = at(created, "task_id");
    CHECK(std::stoull(task) < 1ULL << 53U);

    const std::string query = "/minimax/v1/query/video_generation?task_id=" + task;
    const auto done = world.await_task(query);
    CHECK(text(done, "status") == "Success");
    const std::string file_id = text(done, "file_id");
    const ApiReply file = client.get("/minimax/v1/files/retrieve?GroupId=17&file_id=" + file_id);
    CHECK(at(file, "file.file_id") == file_id);
    CHECK(at(file, "file.purpose") == "video_generation");
    const std::string url = at(file, "file.download_url");
    CHECK(url.starts_with("http://127.0.0.1:"));
    CHECK(url.ends_with(".mp4"));

    auto nobody = world.daemon.tcp_client("");
    const ApiReply film = nobody.get(path_of(url));
    CHECK(film.status == 200);
    CHECK(film.headers.at("content-type") == "video/mp4");
    CHECK(workers::sha256_hex(film.body) ==
          world.upstream.records().truths().at(0).artifacts.at(0).sha256);
    const ApiReply content = client.get("/minimax/v1/files/retrieve_content?file_id=" + file_id);
    CHECK(content.body == film.body);
    const ApiReply listed = client.get("/minimax/v1/files/list?purpose=video_generation");
    CHECK(listed.json().at("files").as_array().size() == 1);
    CHECK(world.bought() == 1);
}

TEST_CASE("a link opens one file and no other door, and a changed one nothing") {
    GatewayWorld world;
    auto client = world.alice();
    const std::string task = at(client.post("/minimax/v1/video_generation", film("a")), "task_id");
    const auto done = world.await_task("/minimax/v1/query/video_generation?task_id=" + task);
    const std::string link =
        path_of(at(client.get("/minimax/v1/files/retrieve?file_id=" + text(done, "file_id")),
                   "file.download_url"));
    auto nobody = [&] { return world.daemon.tcp_client(""); };
    CHECK(nobody().get(link, {{"Range", "bytes=4-7"}}).body == "ftyp");
    CHECK(nobody().call("POST", link, "", {}).status == 401);
    std::string changed = link;
    char& digit = changed[changed.rfind('-') + 5];
    digit = digit == 'a' ? 'b' : 'a';
    // Who saves what comes from a link would have an envelope for his film.
    CHECK(nobody().get(changed).status == 401);
    CHECK(nobody().get(changed).body.find("This link is wrong") != std::string::npos);
    CHECK(code_of(nobody().get("/minimax/v1/query/video_generation?task_id=" + task)) == 1004);
    CHECK(nobody().get("/v1/jobs").status == 401);
    CHECK(client.get(changed).status == 403);
}

TEST_CASE("behind a proxy links begin as the configuration says") {
    GatewayWorld world(
        [](daemon::Config& config) { config.http.url = "https://spool.example.org/media"; });
    auto client = world.alice();
    const std::string task = at(client.post("/minimax/v1/video_generation", film("a")), "task_id");
    const auto done = world.await_task("/minimax/v1/query/video_generation?task_id=" + task);
    const ApiReply file = client.get("/minimax/v1/files/retrieve?file_id=" + text(done, "file_id"));
    CHECK(at(file, "file.download_url").starts_with("https://spool.example.org/media/minimax/"));
}

TEST_CASE("a task and its file are found again after a restart") {
    GatewayWorld world;
    const std::string task =
        at(world.alice().post("/minimax/v1/video_generation", film("a")), "task_id");
    const std::string query = "/minimax/v1/query/video_generation?task_id=" + task;
    const std::string file_id = text(world.await_task(query), "file_id");
    const std::string retrieve = "/minimax/v1/files/retrieve?file_id=" + file_id;
    const std::string link = path_of(at(world.alice().get(retrieve), "file.download_url"));
    world.daemon.restart();
    CHECK(at(world.alice().get(query), "file_id") == file_id);
    CHECK(world.daemon.tcp_client("").get(link).status == 200);
    CHECK(world.bought() == 1);
}

TEST_CASE("what cannot be is refused in the upstream's envelope, in words for the client's field") {
    GatewayWorld world;
    auto client = world.alice();
    const ApiReply duration =
        client.post("/minimax/v1/video_generation",
                    R"({"model":"MiniMax-Hailuo-02","prompt":"a","duration":7})");
    CHECK(duration.status == 200);
    CHECK(code_of(duration) == 2013);
    CHECK(words_of(duration).starts_with("invalid params, "));
    CHECK(words_of(duration).find("duration") != std::string::npos);
    CHECK(words_of(duration).find("request.") == std::string::npos);
    const ApiReply callback =
        client.post("/minimax/v1/video_generation",
                    R"({"model":"MiniMax-Hailuo-02","prompt":"a","callback_url":"https://x"})");
    CHECK(code_of(callback) == 2013);
    CHECK(words_of(callback).find("callback_url") != std::string::npos);
    CHECK(code_of(client.post("/minimax/v1/video_generation", "{")) == 2013);
    CHECK(code_of(client.post("/minimax/v1/video_generation", "[]")) == 2013);
    CHECK(code_of(client.post("/minimax/v1/video_generation", R"({"duration":1e999})")) == 2013);
    for (const std::string id : {"", "x", "0", "1234567", "106916112212032"}) {
        CAPTURE(id);
        const ApiReply reply = client.get("/minimax/v1/query/video_generation?task_id=" + id);
        CHECK(code_of(reply) == 2013);
    }
    CHECK(client.get("/minimax/v1/no/such/path").status == 404);
    const ApiReply v2 = client.post("/minimax/v2/video_generation", R"({"model":"MiniMax-H3"})");
    CHECK(v2.status == 400);
    CHECK(at(v2, "error.type") == "bad_request_error");
    CHECK(at(v2, "error.message").ends_with("(2013)"));
    auto stranger = world.daemon.tcp_client("no-such-token");
    CHECK(code_of(stranger.post("/minimax/v1/video_generation", film("a"))) == 1004);
    CHECK(world.daemon.tcp_client("x").get("/minimax/v2/query/video_generation/1").status == 401);
    CHECK(world.jobs() == 0);
}

TEST_CASE("a failed task has the upstream's own code and words") {
    GatewayWorld world;
    auto client = world.alice();
    const std::string task =
        at(client.post("/minimax/v1/video_generation", film("a [[fail:1027]]")), "task_id");
    const auto failed = world.await_task("/minimax/v1/query/video_generation?task_id=" + task);
    CHECK(text(failed, "status") == "Fail");
    CHECK(failed.at("base_resp").at("status_code").as_int64() == 1027);
}

TEST_CASE("a template's task gives its address") {
    GatewayWorld world;
    auto client = world.alice();
    const ApiReply created =
        client.post("/minimax/v1/video_template_generation",
                    R"({"template_id":"7","text_inputs":[{"value":"a lion"}]})");
    const auto done = world.await_task("/minimax/v1/query/video_template_generation?task_id=" +
                                       at(created, "task_id"));
    CHECK(text(done, "status") == "Success");
    CHECK(world.daemon.tcp_client("").get(path_of(text(done, "video_url"))).status == 200);
}

TEST_CASE("an H3 task is nested, listed, and cancelled while it waits") {
    GatewayWorld world;
    auto client = world.alice();
    const std::string body =
        R"({"model":"MiniMax-H3","resolution":"768P","duration":4,"ratio":"1:1",)"
        R"("content":[{"type":"text","text":"a lighthouse"}]})";
    const ApiReply created = client.post("/minimax/v2/video_generation", body);
    CHECK_FALSE(created.json().as_object().contains("base_resp"));
    const auto done =
        world.await_task("/minimax/v2/query/video_generation/" + at(created, "task_id"));
    CHECK(text(done.at("task"), "status") == "succeeded");
    CHECK(world.daemon.tcp_client("")
              .get(path_of(text(done.at("task").at("content"), "url")))
              .status == 200);

    world.pause();
    const std::string waiting = at(client.post("/minimax/v2/video_generation", body), "task_id");
    CHECK(waiting != at(created, "task_id"));
    const ApiReply list = client.get("/minimax/v2/query/video_generation?filter.status=queued");
    REQUIRE(list.json().at("items").as_array().size() == 1);
    CHECK(text(list.json().at("items").at(0), "id") == waiting);
    const std::string path = "/minimax/v2/video_generation/" + waiting;
    CHECK(world.as("bob").call("DELETE", path, "", {}).status == 401);
    CHECK(at(client.call("DELETE", path, "", {}), "action") == "cancelled");
    CHECK(at(client.get("/minimax/v2/query/video_generation/" + waiting), "task.status") ==
          "cancelled");
    CHECK(client.call("DELETE", path, "", {}).status == 400);
    CHECK(world.bought() == 1);
    // Nor what is of another sort, or has begun.
    const std::string film_task =
        at(client.post("/minimax/v1/video_generation", film("a kite")), "task_id");
    CHECK(client.call("DELETE", "/minimax/v2/video_generation/" + film_task, "", {}).status == 400);
    CHECK(client.get("/minimax/v2/query/video_generation?filter.task_type=none")
              .json()
              .at("items")
              .as_array()
              .empty());
    CHECK(client.get("/minimax/v2/query/video_generation?page_size=1&page_num=2")
              .json()
              .at("items")
              .as_array()
              .size() == 1);
}

TEST_CASE("a long speech has numbers from the first, and its file by them") {
    GatewayWorld world;
    auto client = world.alice();
    const ApiReply created = client.post(
        "/minimax/v1/t2a_async_v2",
        speech("hello", R"(,"audio_setting":{"audio_sample_rate":32000,"format":"mp3"})"));
    REQUIRE(code_of(created) == 0);
    CHECK(created.json().at("task_id").is_int64());
    CHECK(at(created, "usage_characters") == "5");
    const auto done =
        world.await_task("/minimax/v1/query/t2a_async_query_v2?task_id=" + at(created, "task_id"));
    CHECK(text(done, "status") == "Success");
    const ApiReply sound =
        client.get("/minimax/v1/files/retrieve_content?file_id=" + at(created, "file_id"));
    CHECK(sound.status == 200);
    CHECK(sound.headers.at("content-type") == "audio/mpeg");
}

TEST_CASE("what is held goes on for the client, in words") {
    GatewayWorld world;
    auto client = world.alice();
    const std::string task =
        at(client.post("/minimax/v1/video_generation", film("a [[drop]]")), "task_id");
    const std::string query = "/minimax/v1/query/video_generation?task_id=" + task;
    ApiReply held;
    await("the words", [&] {
        held = client.get(query);
        return words_of(held) != "success";
    });
    CHECK(at(held, "status") == "Processing");
    CHECK(code_of(held) == 0);
    CHECK(words_of(held).find("genspool resolve") != std::string::npos);
}
