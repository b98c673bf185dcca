// Jobs that name what one account has: the upstream refuses them anywhere else.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include "tests/workers/engine_world.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using proto::Kind;
using proto::State;
using tests::EngineWorld;
using tests::EngineWorldOptions;

namespace {

/// Of two accounts the one that would be taken first has not made anything.
EngineWorldOptions two_accounts() {
    EngineWorldOptions options;
    options.slots = {{"video_v2", 5}, {"music", 5}};
    options.others["spare"] = {{"video_v2", 1}, {"music", 1}};
    return options;
}

/// A job that has succeeded at "spare".
proto::JobRecord made_at_spare(EngineWorld& world, Kind kind, const std::string& request) {
    const proto::JobSeq job =
        world.admit(kind, request, [](proto::JobSpec& spec) { spec.account = "spare"; });
    REQUIRE(world.run_until_state(job, State::succeeded, 2h));
    return world.job(job);
}

void check_goes_to_spare(EngineWorld& world, Kind kind, const std::string& request) {
    const proto::JobSeq job = world.admit(kind, request);
    REQUIRE(world.run_until_state(job, State::succeeded, 2h));
    CHECK(world.job(job).account == "spare");
}

}  // namespace

TEST_CASE("a clip is made larger where it was bought, also after a restart") {
    EngineWorld world(two_accounts());
    const auto clip =
        made_at_spare(world, Kind::video,
                      R"({"model":"MiniMax-H3","resolution":"768P","duration":4,"ratio":"1:1",)"
                      R"("content":[{"type":"text","text":"a kite"}]})");
    SUBCASE("in one life") {}
    SUBCASE("and after a restart") {
        world.restart(1min);
    }
    check_goes_to_spare(world, Kind::video,
                        R"({"model":"MiniMax-H3","resolution":"2K","source_task_id":")" +
                            clip.tasks.at(0).id + "\"}");
}

TEST_CASE("a cover is sung where its song was heard") {
    EngineWorld world(two_accounts());
    const auto heard =
        made_at_spare(world, Kind::lyrics,
                      R"({"model":"music-cover","audio_url":"https://songs.example/a.mp3"})");
    const auto result = boost::json::parse(heard.result);
    check_goes_to_spare(world, Kind::music,
                        R"({"model":"music-cover","prompt":"a slow old waltz",)"
                        R"("lyrics":"la la la la la","cover_feature_id":")" +
                            std::string(result.at("cover_feature_id").as_string()) + "\"}");
}
