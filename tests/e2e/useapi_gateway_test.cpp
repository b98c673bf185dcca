// What the documentation of useapi.net tells to send with curl, over the daemon.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include "tests/e2e/curl.hpp"
#include "tests/e2e/tcp_place.hpp"
#include "tests/support/await.hpp"

using namespace genspool::tests;
namespace json = boost::json;

namespace {

constexpr const char* number = "301000000000000001";

/// A daemon with an account that is linked at useapi.net, and a token to it.
struct Place {
    static DaemonSettings settings() {
        DaemonSettings all;
        all.provider = "useapi";
        all.key = "user:1-of-this-test";
        all.account += std::string("upstream_account = \"") + number + "\"\n";
        return all;
    }

    std::string base() const {
        return "http://127.0.0.1:" + daemon.http_port() + "/useapi/v1/minimax";
    }

    /// One of its examples, with the host and the token changed.
    json::value ask(const std::string& path, std::vector<std::string> arguments = {}) const {
        arguments.insert(arguments.begin(), {"-H", "Accept: application/json", "-H",
                                             "Authorization: Bearer " + tcp.token, base() + path});
        return json::parse(curl(tcp.directory, std::move(arguments)));
    }
    json::value create(const std::string& path, const std::string& body) const {
        return ask(path, {"-X", "POST", "-H", "Content-Type: application/json", "-d", body});
    }

    json::value await_final(const std::string& path) const {
        json::value view;
        await("the end of " + path, [&] {
            view = ask(path);
            return view.at("statusFinal").as_bool();
        });
        return view;
    }

    TcpPlace tcp{{"--latency", "50ms"}, settings()};
    DaemonProgram& daemon = tcp.work.daemon;
    const SimulatorProgram& simulator = tcp.work.simulator;
};

}  // namespace

TEST_CASE("useapi.net's examples for curl work when host and token are changed") {
    Place place;
    REQUIRE(place.daemon.start());
    const std::string picture = place.tcp.directory.path("kite.png");
    std::ofstream(picture, std::ios::binary) << "\x89PNG\r\n\x1a\n a kite";
    const auto file =
        place.ask("/files/?account=" + std::string(number),
                  {"-X", "POST", "-H", "Content-Type: image/png", "--data-binary", "@" + picture});
    const auto video = place.create(
        "/videos/create", json::serialize(json::object{{"account", number},
                                                       {"prompt", "a kite"},
                                                       {"fileID", text_of(file, "fileID")},
                                                       {"replyRef", "shot-1"}}));
    const auto images = place.create("/images/create", R"({"prompt":"a kite","quantity":2})");
    const auto clip =
        place.create("/speech/create", R"({"text":"ahoy","voice_id":"226893671006276"})");
    const auto song = place.create("/music/create", R"({"prompt":"a shanty"})");
    const auto agent = place.ask("/agent", {"-F", "prompt=a kite", "-F", "models=nano-banana-2",
                                            "-F", "file=@" + picture + ";type=image/png"});
    CHECK(text_of(agent, "status") == "completed");
    const auto done = place.await_final("/videos/" + text_of(video, "videoId"));
    CHECK(text_of(done, "statusLabel") == "completed");
    CHECK(text_of(done, "replyRef") == "shot-1");
    const std::string saved = place.tcp.directory.path("kite.mp4");
    curl(place.tcp.directory, {"-o", saved, text_of(done, "downloadURL")});
    for (const auto& id : images.at("imageIds").as_array())
        CHECK(text_of(place.await_final("/images/" + std::string(id.as_string())), "statusLabel") ==
              "completed");
    CHECK(text_of(place.await_final("/speech/" + text_of(clip, "audioId")), "statusLabel") ==
          "completed");
    CHECK(text_of(place.await_final("/music/" + text_of(song, "musicId")), "statusLabel") ==
          "completed");
    CHECK(place.ask("/scheduler/").as_array().empty());
    const auto purchases = place.simulator.purchases();
    CHECK(purchases.size() == 5);
    const auto film = std::ranges::find_if(
        purchases, [](const auto& each) { return each.endpoint.ends_with("/videos/create"); });
    REQUIRE(film != purchases.end());
    CHECK(film->sha256.at(0) == sha256_of_file(saved));
    CHECK(film->files.at(0) == sha256_of_file(picture));
}

#ifdef GENSPOOL_KILL_POINTS

TEST_CASE("killed between an order of several pictures and its answer, it sells them once") {
    Place place;
    const std::string body = R"({"prompt":"a kite","quantity":3})";
    const std::string path = "/useapi/v1/minimax/images/create";
    REQUIRE(place.daemon.start());
    // Else the first kill may catch the purchase on the wire.
    CHECK(place.daemon.api().post("/v1/queue/pause", "{}").status == 200);
    CHECK(place.daemon.stop() == 0);
    CHECK(place.daemon.start("intake.gateway_admitted:1"));
    CHECK(place.daemon.api().post(path, body).status == 0);
    CHECK(place.daemon.process().wait() == -SIGKILL);
    REQUIRE(place.daemon.start());
    const ApiAnswer again = place.daemon.api().post(path, body);
    REQUIRE(again.status == 200);
    const auto& ids = again.body.at("imageIds").as_array();
    CHECK(ids.size() == 3);
    CHECK(place.daemon.api().all("/v1/jobs", "jobs").size() == 1);
    CHECK(place.daemon.api().post("/v1/queue/resume", "{}").status == 200);
    await("the note",
          [&place] { return place.daemon.api().all("/v1/jobs?unanswered=true", "jobs").empty(); });
    place.daemon.await_quiet();
    place.daemon.kill();
    REQUIRE(place.daemon.start());
    for (const auto& id : ids) {
        const std::string image = "/useapi/v1/minimax/images/" + std::string(id.as_string());
        CHECK(text_of(place.daemon.api().get(image).body, "statusLabel") == "completed");
    }
    // It was answered, and that is not forgotten: this is another.
    const ApiAnswer other = place.daemon.api().post(path, body);
    REQUIRE(other.status == 200);
    CHECK(other.body.at("imageIds").at(0) != ids[0]);
    place.daemon.await_quiet();
    CHECK(place.simulator.purchases().size() == 2);
}

#endif
