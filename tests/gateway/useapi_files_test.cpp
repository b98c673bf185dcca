// Files for useapi.net's paths, and the free calls that are passed on.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <string>

#include "tests/gateway/useapi_world.hpp"
#include "workers/digest.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

const std::string picture = "\x89PNG\r\n\x1A\n a kite";

ApiReply upload(ApiClient& client, const std::string& query = {},
                const std::string& type = "image/png") {
    return client.post(useapi("/files/" + query), picture, {{"Content-Type", type}});
}

}  // namespace

TEST_CASE("a file that was uploaded goes to whichever account makes something of it") {
    UseapiWorld world;
    auto before = world.alice();
    const ApiReply uploaded = upload(before, "?account=301000000000000001");
    REQUIRE(uploaded.status == 200);
    const std::string file = at(uploaded, "fileID");
    CHECK(file.starts_with("user:0-minimax:0-file:"));
    CHECK(at(uploaded, "ossPath").ends_with(".png"));
    world.daemon.restart();
    auto client = world.alice();
    const ApiReply created =
        client.post(useapi("/videos/create"), prompt_of("fly", R"(,"fileID":")" + file + "\""));
    REQUIRE(created.status == 200);
    world.await_final("/videos/" + at(created, "videoId"));
    CHECK(world.upstream.records().truths().at(0).files.at(0) == workers::sha256_hex(picture));
    // A template wants to know where it lies, too.
    const ApiReply played = client.post(useapi("/videos/agent-create"),
                                        R"({"templateId":"7","fileID":")" + file +
                                            R"(","ossPath":")" + at(uploaded, "ossPath") + "\"}");
    CHECK(played.body.find("completed") != std::string::npos);
    CHECK(world.bought() == 2);
}

TEST_CASE("an upload is taken away by who made it, and then it is not to be named") {
    UseapiWorld world;
    auto client = world.alice();
    const std::string file = at(upload(client), "fileID");
    const std::string path = useapi("/files/" + file);
    CHECK(error_of(world.as("bob").call("DELETE", path, "", {})) == 403);
    CHECK(client.call("DELETE", path, "", {}).status == 200);
    CHECK(client.call("DELETE", path, "", {}).status == 200);
    const ApiReply gone =
        client.post(useapi("/videos/create"), prompt_of("fly", R"(,"fileID":")" + file + "\""));
    CHECK(error_of(gone) == 400);
    CHECK(at(gone, "error").find(file) != std::string::npos);
    CHECK(error_of(upload(client, "", "text/plain")) == 400);
    CHECK(error_of(client.post(useapi("/files/"), "", {{"Content-Type", "image/png"}})) == 400);
    CHECK(error_of(client.call("DELETE", useapi("/files/x"), "", {})) == 400);
}

TEST_CASE("a file that the upstream gave an id to binds the job to its account") {
    UseapiWorld world(
        [](daemon::Config& config) { UseapiWorld::add_linked(config, "second", "302"); });
    world.pause();
    const ApiReply created = world.alice().post(
        useapi("/videos/create"), prompt_of("fly", R"(,"fileID":"user:1-minimax:302-file:5")"));
    CHECK(created.status == 200);
    const auto jobs = world.daemon.client().get("/v1/jobs").json();
    CHECK(text_of(jobs.at("jobs").at(0), "account") == "second");
}

TEST_CASE("a body that names more files than any request does is refused at once") {
    UseapiWorld world;
    auto client = world.alice();
    // The options are wrong, too, but that is seen later.
    const std::string begin = R"(,"model":"02","options":"9p","files":[)";
    const auto refusal = [&](int names, int times) {
        std::string list;
        for (int n = 0; n < names * times; ++n)
            list +=
                R"("user:1-minimax:301000000000000001-file:)" + std::to_string(n % names) + "\",";
        list.back() = ']';
        const ApiReply reply =
            client.post(useapi("/videos/create"), prompt_of("fly", begin + list));
        CHECK(error_of(reply) == 400);
        return at(reply, "error");
    };
    CHECK(refusal(65, 1) == "the body names too many files, more than 64");
    // The same ones many times are not more of them.
    CHECK(refusal(64, 10).find("too many files") == std::string::npos);
    CHECK(world.jobs() == 0);
}

TEST_CASE("accounts, plans, voices and templates are asked of the upstream") {
    UseapiWorld world(
        [](daemon::Config& config) { UseapiWorld::add_linked(config, "second", "302"); });
    auto client = world.alice();
    const std::string number = linked_number;
    const ApiReply plan = client.get(useapi("/features/?account=" + number));
    CHECK(plan.status == 200);
    CHECK(plan.json().as_object().contains("queueLength"));
    // A token has them all: no account need be named.
    CHECK(client.get(useapi("/accounts")).json().as_object().contains(number));
    CHECK(client.get(useapi("/accounts/" + number)).status == 200);
    CHECK(client.get(useapi("/speech/voices/?account=302&page=1&page_size=5")).status == 200);
    CHECK(client.get(useapi("/videos/agent-templates/?account=302&limit=3")).status == 200);
    CHECK(client.get(useapi("/videos/characters/?account=302&pageSize=3")).status == 200);
    const ApiReply which = client.get(useapi("/features/"));
    CHECK(error_of(which) == 400);
    CHECK(at(which, "error").find("linked, second") != std::string::npos);
    CHECK(error_of(client.get(useapi("/features/?account=" + number + "&x=1"))) == 400);
    // What changes something is for admins.
    CHECK(error_of(client.call("DELETE", useapi("/accounts/302"), "", {})) == 403);
    CHECK(error_of(client.post(useapi("/accounts"), "{}")) == 403);
    auto boss = world.daemon.client();
    CHECK(error_of(boss.post(useapi("/accounts"), R"({"url":"x"})")) == 400);
    CHECK(boss.call("DELETE", useapi("/accounts/302"), "", {}).status == 204);
}

TEST_CASE("what the upstream gave an id to itself is asked of it") {
    UseapiWorld world;
    auto client = world.alice();
    const std::string video = "user:1-minimax:301000000000000001-video:7";
    CHECK(error_of(client.get(useapi("/videos/" + video))) == 404);
    CHECK(error_of(client.call("DELETE", useapi("/videos/" + video), "", {})) == 403);
    CHECK(world.daemon.client().call("DELETE", useapi("/videos/" + video), "", {}).status == 200);
    CHECK(error_of(client.get(useapi("/videos/user:2-minimax:301000000000000001-video:7"))) == 400);
}
