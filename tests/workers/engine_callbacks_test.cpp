// What the engine makes of an address for callbacks, and of the hints that come there.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/workers/engine_world.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using proto::Kind;
using proto::State;
using tests::EngineWorld;
using tests::EngineWorldOptions;

namespace {

EngineWorldOptions with_callbacks() {
    EngineWorldOptions options;
    options.callback_url = "https://spool.example/callbacks/c0ffee";
    return options;
}

/// The body of the one paid call that went there.
std::string bought_with(const EngineWorld& world, const std::string& path) {
    std::string body;
    for (const auto& call : world.http().calls())
        if (call.paid && call.url.ends_with(path)) body += call.body;
    return body;
}

std::size_t polls(const EngineWorld& world) {
    const auto& calls = world.http().calls();
    return static_cast<std::size_t>(std::count_if(calls.begin(), calls.end(), [](const auto& call) {
        return call.url.find("/v1/query/video_generation?") != std::string::npos;
    }));
}

const std::string member = R"("callback_url":"https://spool.example/callbacks/c0ffee",)";

}  // namespace

TEST_CASE("the upstream is told where to call back, by the ops that can, and nobody else is") {
    EngineWorld world(with_callbacks());
    const std::string film = EngineWorld::request(Kind::video, "film");
    const std::string picture = EngineWorld::request(Kind::image, "picture");
    const auto video = world.admit(Kind::video, film);
    const auto image = world.admit(Kind::image, picture);
    CHECK(world.run_until_state(video, State::succeeded, 10min));
    CHECK(world.run_until_state(image, State::succeeded, 10min));

    CHECK(bought_with(world, "/v1/video_generation") == "{" + member + film.substr(1));
    CHECK(bought_with(world, "/v1/image_generation").find("callback") == std::string::npos);
    for (const proto::JobRecord& job : world.jobs())
        CHECK(job.result.find("callback") == std::string::npos);
    // What the upstream repeats of it is blotted out of all that it says.
    for (const auto& call : world.http().calls())
        if (call.url.starts_with("https://api.example/v1/"))
            CHECK(call.secrets == std::vector<std::string>{"secret-key", "c0ffee"});
}

TEST_CASE("without an address the request goes out as it was handed in") {
    EngineWorld world;
    const std::string film = EngineWorld::request(Kind::video, "film");
    const auto job = world.admit(Kind::video, film);
    CHECK(world.run_until_state(job, State::succeeded, 10min));
    CHECK(bought_with(world, "/v1/video_generation") == film);
}

TEST_CASE("a hint brings a job home as soon as it is done, and nothing is believed of it") {
    EngineWorldOptions options = with_callbacks();
    options.poll_min = 2h;
    options.poll_max = 2h;
    EngineWorld world(options);
    const auto job =
        world.admit(Kind::video, EngineWorld::request(Kind::video, "film", "[[slow:100]]"));
    CHECK(world.run_until_state(job, State::running, 1min));
    world.run_for(50s);
    const queue::Hint hint{"main", world.job(job).tasks.front().id};

    world.ask(hint);
    world.run_for(5s);
    CHECK(world.state(job) == State::running);
    CHECK(polls(world) == 1);

    world.run_for(50s);
    CHECK(polls(world) == 1);
    world.ask(hint);
    CHECK(world.run_until_state(job, State::succeeded, 5s));
    CHECK(polls(world) == 2);
    CHECK(world.bought("film") == 1);
}
