// Creates, queries, lists and downloads, as a client of useapi.net's API sees them.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <string>

#include "tests/gateway/useapi_world.hpp"
#include "tests/support/await.hpp"
#include "workers/digest.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

std::string loaded(const GatewayWorld& world, const std::string& url) {
    const ApiReply reply = world.daemon.tcp_client("").get(path_of(url));
    CHECK(reply.status == 200);
    return workers::sha256_hex(reply.body);
}

std::string sold(const GatewayWorld& world, std::size_t purchase = 0, std::size_t file = 0) {
    return world.upstream.records().truths().at(purchase).artifacts.at(file).sha256;
}

ApiReply remove(ApiClient& client, const std::string& path) {
    return client.call("DELETE", useapi(path), "", {});
}

}  // namespace

TEST_CASE("a video is created, asked for and downloaded, and nothing of it is bought twice") {
    UseapiWorld world;
    auto client = world.alice();
    const ApiReply created =
        client.post(useapi("/videos/create"), prompt_of("a kite", R"(,"replyRef":"shot-1")"));
    CAPTURE(created.body);
    REQUIRE(created.status == 200);
    const std::string id = at(created, "videoId");
    CHECK(id.starts_with("user:0-minimax:0-video:"));
    const auto done = world.await_final("/videos/" + id);
    CHECK(text_of(done, "statusLabel") == "completed");
    CHECK(text_of(done, "desc") == "a kite");
    CHECK(text_of(done, "replyRef") == "shot-1");
    CHECK(text_of(done, "downloadURL").ends_with(".mp4"));
    CHECK(loaded(world, text_of(done, "downloadURL")) == sold(world));
    CHECK(world.bought() == 1);
    // The client's word does not take the place of the one that lost purchases are found by.
    CHECK(world.upstream.records().truths().at(0).ref != "shot-1");
    world.daemon.restart();
    CHECK(at(world.alice().get(useapi("/videos/" + id)), "statusLabel") == "completed");
    CHECK(world.bought() == 1);
}

TEST_CASE("several pictures have an id each, and a file that can be named") {
    UseapiWorld world;
    auto client = world.alice();
    const ApiReply created =
        client.post(useapi("/images/create"), prompt_of("a kite", R"(,"quantity":2)"));
    REQUIRE(created.status == 200);
    const auto answer = created.json();
    const auto& ids = answer.at("imageIds").as_array();
    REQUIRE(ids.size() == 2);
    std::string file;
    for (std::size_t n = 0; n < 2; ++n) {
        const std::string id(ids[n].as_string());
        const auto done = world.await_final("/images/" + id);
        CHECK(text_of(done, "statusLabel") == "completed");
        CHECK(text_of(done, "imageId") == id);
        CHECK(loaded(world, text_of(done, "downloadURL")) == sold(world, 0, n));
        file = text_of(done, "fileID");
    }
    CHECK(world.bought() == 1);
    // There is no third one.
    std::string third(ids[1].as_string());
    const std::size_t digits = third.rfind(':') + 1;
    third.replace(digits, third.npos, std::to_string(std::stoull(third.substr(digits)) + 1));
    CHECK(error_of(client.get(useapi("/images/" + third))) == 404);
    const ApiReply moving =
        client.post(useapi("/videos/create"), prompt_of("fly", R"(,"fileID":")" + file + "\""));
    REQUIRE(moving.status == 200);
    const auto film = world.await_final("/videos/" + at(moving, "videoId"));
    CHECK(text_of(film, "statusLabel") == "completed");
    CHECK(world.upstream.records().truths().at(1).files.at(0) == sold(world, 0, 1));
}

TEST_CASE("one picture of several that is refused does not take the others with it") {
    UseapiWorld world;
    const ApiReply created = world.alice().post(useapi("/images/create"),
                                                prompt_of("a [[partial:1]]", R"(,"quantity":2)"));
    int made = 0;
    const auto answer = created.json();
    for (const auto& id : answer.at("imageIds").as_array())
        made += text_of(world.await_final("/images/" + std::string(id.as_string())),
                        "statusLabel") == "completed";
    CHECK(made == 1);
    CHECK(world.bought() == 1);
}

TEST_CASE("speech and a song are accepted with 201, and pending until they are there") {
    UseapiWorld world;
    auto client = world.alice();
    const ApiReply clip = client.post(useapi("/speech/create"), spoken("ahoy"));
    CHECK(clip.status == 201);
    CHECK(at(clip, "statusLabel") == "pending");
    const auto said = world.await_final("/speech/" + at(clip, "audioId"));
    CHECK(loaded(world, text_of(said, "audio_url")) == sold(world));
    CHECK(said.at("cost_credit").as_int64() == 4);
    const ApiReply song =
        client.post(useapi("/music/create"), prompt_of("a shanty", R"(,"title":"Tide")"));
    CHECK(song.status == 201);
    const auto sung = world.await_final("/music/" + at(song, "musicId"));
    CHECK(text_of(sung, "statusLabel") == "completed");
    CHECK(text_of(sung, "title") == "Tide");
    CHECK(loaded(world, text_of(sung, "audio_url")) == sold(world, 1));
    const ApiReply list = client.get(useapi("/speech/?page=1&page_size=10"));
    CHECK(list.json().at("audio_list").as_array().size() == 1);
    CHECK(at(list, "total") == "1");
}

TEST_CASE("speech as MP3 holds the connection until it is there") {
    UseapiWorld world;
    const ApiReply clip = world.alice().post(useapi("/speech/create-mp3"), spoken("ahoy"));
    CHECK(clip.status == 200);
    CHECK(at(clip, "statusLabel") == "completed");
    CHECK(loaded(world, at(clip, "audio_url")) == sold(world));
}

TEST_CASE("an agent is waited for, or asked for; a form and its files are understood") {
    UseapiWorld world;
    auto client = world.alice();
    const std::string picture = "\x89PNG\r\n\x1A\n a kite";
    const std::string form =
        "--B\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na kite\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"models\"\r\n\r\n"
        "hailuo-2.3,nano-banana-2\r\n"
        "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n"
        "Content-Type: image/png\r\n\r\n" +
        picture + "\r\n";
    const Headers type = {{"Content-Type", "multipart/form-data; boundary=B"}};
    const ApiReply waited = client.post(useapi("/agent"), form + "--B--\r\n", type);
    REQUIRE(waited.status == 200);
    CHECK(at(waited, "status") == "completed");
    const auto answer = waited.json();
    const auto& made = answer.at("response").at("attachments").as_array();
    REQUIRE(made.size() == 1);
    CHECK(loaded(world, text_of(made[0].at("file"), "fileUrl")) == sold(world));

    const ApiReply begun = client.post(
        useapi("/agent"),
        form + "--B\r\nContent-Disposition: form-data; name=\"async\"\r\n\r\ntrue\r\n--B--\r\n",
        type);
    CHECK(begun.status == 201);
    CHECK(at(begun, "status") == "started");
    const auto done = world.await_final("/agent/" + at(begun, "jobId"));
    CHECK(text_of(done, "status") == "completed");
    CHECK(done.at("request").at("models").as_array().size() == 2);
    CHECK(world.bought() == 2);
}

TEST_CASE("a video by a template is told as it is made") {
    UseapiWorld world;
    const ApiReply events =
        world.alice().post(useapi("/videos/agent-create"), R"({"templateId":"7"})");
    CHECK(events.status == 200);
    CHECK(events.headers.at("content-type") == "text/event-stream");
    REQUIRE(events.body.starts_with("data: "));
    const auto first = boost::json::parse(events.body.substr(6, events.body.find("\n\n") - 6));
    CHECK_FALSE(first.at("statusFinal").as_bool());
    const std::size_t last = events.body.rfind("data: ") + 6;
    const auto end = boost::json::parse(events.body.substr(last, events.body.rfind("\n\n") - last));
    CHECK(text_of(end, "statusLabel") == "completed");
    CHECK(text_of(end, "videoId") == text_of(first, "videoId"));
    CHECK(loaded(world, text_of(end, "downloadURL")) == sold(world));
}

TEST_CASE("what fails is told with the upstream's status") {
    UseapiWorld world;
    auto client = world.alice();
    const std::string refused =
        at(client.post(useapi("/videos/create"), prompt_of("a [[refuse:422]]")), "videoId");
    const auto end = world.await_final("/videos/" + refused);
    CHECK(text_of(end, "statusLabel") == "moderated");
    CHECK(end.at("code").as_int64() == 422);
    const std::string failed =
        at(client.post(useapi("/videos/create"), prompt_of("a [[fail:5]]")), "videoId");
    CHECK(text_of(world.await_final("/videos/" + failed), "statusLabel") == "moderated");
    const ApiReply spoke = client.post(useapi("/speech/create-mp3"), spoken("[[refuse:422]]"));
    CHECK(error_of(spoke) == 422);
}

TEST_CASE("lists are newest first, go on behind an id, and leave out what was deleted") {
    UseapiWorld world;
    world.pause();
    auto client = world.alice();
    std::vector<std::string> ids;
    for (const char* const prompt : {"one", "two", "three"})
        ids.push_back(at(client.post(useapi("/videos/create"), prompt_of(prompt)), "videoId"));
    client.post(useapi("/images/create"), prompt_of("four", R"(,"quantity":3)"));
    const auto descs = [&client](const std::string& path) {
        std::string all;
        const auto list = client.get(useapi(path)).json();
        const auto& items = list.is_array() ? list.as_array() : list.at("images").as_array();
        for (const auto& item : items)
            all += text_of(item, "desc") + " ";
        return all;
    };
    CHECK(descs("/videos/") == "three two one ");
    CHECK(descs("/videos/?limit=2") == "three two ");
    CHECK(descs("/videos/?lastVideoId=" + ids[2]) == "two one ");
    CHECK(descs("/videos/?account=" + std::string(linked_number)).empty());
    CHECK(error_of(client.get(useapi("/videos/?account=7"))) == 400);
    CHECK(descs("/images/?limit=2") == "four four ");
    const auto images = client.get(useapi("/images/?limit=2")).json();
    const std::string second = text_of(images.at("images").at(1), "imageId");
    CHECK(descs("/images/?lastImageId=" + second) == "four ");
    // Of several pictures one.
    CHECK(remove(client, "/images/" + second).status == 200);
    CHECK(remove(client, "/images/" + text_of(images.at("images").at(0), "imageId")).status == 200);
    CHECK(descs("/images") == "four ");

    CHECK(error_of(world.as("bob").call("DELETE", useapi("/videos/" + ids[1]), "", {})) == 403);
    CHECK(remove(client, "/videos/" + ids[1]).status == 200);
    CHECK(descs("/videos/") == "three one ");
    CHECK(at(client.get(useapi("/videos/" + ids[1])), "desc") == "two");
    CHECK(remove(client, "/videos/" + ids[1]).status == 200);
    CHECK(client.get("/v1/jobs?unanswered=true").json().at("jobs").as_array().empty());
}

TEST_CASE("what is under way stands in the scheduler, and is called off there") {
    UseapiWorld world;
    world.pause();
    auto client = world.alice();
    const std::string video =
        at(client.post(useapi("/videos/create"), prompt_of("a", R"(,"replyRef":"r1")")), "videoId");
    const std::string clip = at(client.post(useapi("/speech/create"), spoken("a")), "audioId");
    const ApiReply agent =
        client.post(useapi("/agent"), R"({"prompt":"a","models":"hailuo-2.3","async":true})");
    const auto listed = client.get(useapi("/scheduler/")).json();
    REQUIRE(listed.as_array().size() == 2);
    CHECK(text_of(listed.at(0), "audioId") == clip);
    CHECK(text_of(listed.at(1), "videoId") == video);
    CHECK(text_of(listed.at(1), "replyRef") == "r1");
    const auto room = client.get(useapi("/scheduler/available")).json();
    CHECK(room.at("executing").as_array().size() == 1);
    REQUIRE(room.at("available").as_array().size() == 1);
    CHECK(text_of(room.at("available").at(0), "account") == linked_number);
    CHECK(room.at("available").at(0).at("available").as_int64() == 3);
    const auto agents = client.get(useapi("/agent/jobs")).json();
    CHECK(text_of(agents.at("executing").at("0").at(0), "jobId") == at(agent, "jobId"));

    const std::string running = "/speech/" + clip;
    CHECK(error_of(remove(client, running)) == 400);
    CHECK(error_of(world.as("bob").call("DELETE", useapi("/scheduler/" + clip), "", {})) == 403);
    CHECK(remove(client, "/scheduler/" + clip).status == 204);
    CHECK(error_of(remove(client, "/scheduler/" + clip)) == 404);
    CHECK(at(client.get(useapi(running)), "statusLabel") == "failed");
    CHECK(remove(client, running).status == 200);
    const std::string body = R"({"videoId":")" + video + "\"}";
    CHECK(client.post(useapi("/videos/cancel"), body).status == 200);
    CHECK(client.post(useapi("/videos/cancel"), body).status == 200);
    CHECK(text_of(client.get(useapi("/videos/" + video)).json(), "error").find("canceled") !=
          std::string::npos);
    CHECK(error_of(client.post(useapi("/videos/cancel"), R"({"videoId":"x"})")) == 400);
    CHECK(world.bought() == 0);
}

TEST_CASE("what cannot be is refused in the upstream's envelope, in words for the client's field") {
    UseapiWorld world;
    auto client = world.alice();
    const auto words = [](const ApiReply& reply) { return at(reply, "error"); };
    const ApiReply model =
        client.post(useapi("/videos/create"), prompt_of("a", R"(,"model":"02","options":"9p")"));
    CHECK(error_of(model) == 400);
    CHECK(words(model).find("options") != std::string::npos);
    CHECK(words(model).find("request.") == std::string::npos);
    const ApiReply callback =
        client.post(useapi("/videos/create"), prompt_of("a", R"(,"replyUrl":"https://x")"));
    CHECK(error_of(callback) == 400);
    CHECK(words(callback).find("replyUrl") != std::string::npos);
    CHECK(error_of(client.post(useapi("/music/create"), prompt_of("a", R"(,"stream":true)"))) ==
          400);
    CHECK(error_of(client.post(useapi("/videos/create"), "{")) == 400);
    CHECK(error_of(client.post(useapi("/videos/create"), prompt_of("a", R"(,"account":"302")"))) ==
          400);
    const std::string ref(1'025, 'x');
    CHECK(error_of(client.post(useapi("/videos/create"),
                               prompt_of("a", R"(,"replyRef":")" + ref + "\""))) == 400);
    CHECK(error_of(client.get(useapi("/videos/7"))) == 400);
    CHECK(error_of(client.get(useapi("/videos/%FF"))) == 400);
    CHECK(error_of(client.get(useapi("/videos/user:0-minimax:0-image:7"))) == 400);
    CHECK(error_of(client.get(useapi("/videos/user:0-minimax:0-video:1234567"))) == 404);
    CHECK(remove(client, "/videos/user:0-minimax:0-video:1234567").status == 200);
    CHECK(error_of(client.get("/useapi/v2/account")) == 404);
    const std::string form =
        "--B\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n\xFF\r\n--B--\r\n";
    const Headers type = {{"Content-Type", "multipart/form-data; boundary=B"}};
    CHECK(error_of(client.post(useapi("/videos/create"), form, type)) == 400);
    CHECK(error_of(client.post(useapi("/agent"), "--B", type)) == 400);
    CHECK(error_of(client.post(useapi("/speech/create-stream"), "{}")) == 404);
    auto stranger = world.daemon.tcp_client("no-such-token");
    CHECK(error_of(stranger.post(useapi("/videos/create"), prompt_of("a"))) == 401);
    CHECK(world.jobs() == 0);
}

TEST_CASE("what the upstream has given up is gone here as well, with what to use instead") {
    UseapiWorld world;
    auto client = world.alice();
    for (const std::string path : {"/llm", "/llm/7", "/audio/voices", "/music", "/music/styles",
                                   "/music/create?prompt=x", "/files/?account=7"}) {
        CAPTURE(path);
        const ApiReply reply = client.get(useapi(path));
        CHECK(error_of(reply) == 410);
        CHECK(at(reply, "error").find("since 2025") != std::string::npos);
    }
    CHECK(error_of(client.post(useapi("/llm"), "{}")) == 410);
    CHECK(error_of(client.post(useapi("/accounts/7"), "{}")) == 410);
}

TEST_CASE("an account binds the job, by its number there or by its name here") {
    UseapiWorld world(
        [](daemon::Config& config) { UseapiWorld::add_linked(config, "second", "302"); });
    world.pause();
    auto client = world.alice();
    client.post(useapi("/videos/create"), prompt_of("a", R"(,"account":"302")"));
    client.post(useapi("/videos/create"), prompt_of("b", R"(,"account":"linked")"));
    client.post(useapi("/videos/create"), prompt_of("c", R"(,"account":"0")"));
    client.post(useapi("/videos/create?account=302"), prompt_of("d"));
    std::string bound;
    const auto jobs = world.daemon.client().get("/v1/jobs").json();
    for (const auto& job : jobs.at("jobs").as_array())
        bound += boost::json::serialize(job.at("account")) + " ";
    CHECK(bound == R"("second" null "linked" "second" )");
    CHECK(client.get(useapi("/videos/?account=302")).json().as_array().size() == 2);
}

TEST_CASE("the only account is meant by any number while its own is not written down") {
    UseapiWorld world(
        [](daemon::Config& config) { config.accounts.back().upstream_account.clear(); });
    world.pause();
    auto client = world.alice();
    CHECK(client.post(useapi("/videos/create"), prompt_of("a", R"(,"account":"302")")).status ==
          200);
    CHECK(error_of(client.post(useapi("/videos/create"),
                               prompt_of("a", R"(,"account":"linkt")"))) == 400);
}
