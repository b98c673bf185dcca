// Trouble that passes must not cost what was bought, and trouble that stays must be told from it.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/workers/engine_world.hpp"
#include "workers/spool.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using proto::Kind;
using proto::State;
using tests::EngineWorld;
using tests::FakeAnswer;

namespace {

/// The files in the spool that hold a complete reply.
std::size_t complete_replies(const EngineWorld& world) {
    const auto names = world.files().list_now("spool");
    return static_cast<std::size_t>(
        std::count_if(names.begin(), names.end(), [&world](const std::string& name) {
            return workers::parse_spool(world.files().read_now("spool/" + name).bytes).has_value();
        }));
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

FakeAnswer says(int status, std::string body) {
    FakeAnswer answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

/// Plays a song to the moment at which its reply is safe and nobody has been told of it.
proto::JobSeq spooled_song(EngineWorld& world) {
    const auto job =
        world.admit(Kind::music, EngineWorld::request(Kind::music, "song", "[[slow:20]]"));
    world.run_for(19'900ms);
    for (int i = 0; i < 200 && complete_replies(world) == 0; ++i)
        world.run_handlers(1);
    REQUIRE(complete_replies(world) == 1);
    REQUIRE(world.state(job) == State::submitting);
    return job;
}

}  // namespace

TEST_CASE("a spooled reply that cannot be read after a start is waited for, not given up") {
    EngineWorld world;
    const auto job = spooled_song(world);
    world.crash(false, 1);
    world.files().set_unreadable(true);
    world.run_for(1h);
    CHECK(world.state(job) == State::submitting);
    CHECK(world.files().list_now("spool").size() == 1);

    world.files().set_unreadable(false);

    CHECK(world.run_until_state(job, State::succeeded, 10min));
    CHECK(world.bought("song") == 1);
    CHECK(world.artifact_fault(world.job(job), "song") == "");
}

TEST_CASE("a spooled reply that cannot be read for an hour is no lost artifact") {
    EngineWorld world;
    const auto job = spooled_song(world);
    world.files().set_unreadable(true);
    CHECK(world.run_until_state(job, State::fetching, 1min));
    world.run_for(1h);
    CHECK(world.state(job) == State::fetching);
    CHECK(world.job(job).fetch_troubles > 0);

    world.files().set_unreadable(false);

    CHECK(world.run_until_state(job, State::succeeded, 15min));
    CHECK(world.bought("song") == 1);
}

TEST_CASE("a paid reply that nobody understands is kept for a person to read") {
    EngineWorld world;
    world.upstream().set_stranger([](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (!call.paid) return std::nullopt;
        return says(200, R"({"song": "of a shape never seen"})");
    });
    const auto job = world.admit(Kind::music, EngineWorld::request(Kind::music, "song"));
    CHECK(world.run_until(
        [&] { return world.state(job) == State::held || world.state(job) == State::failed; }, 1h));

    world.restart(1min);
    world.run_for(48h);

    CHECK(complete_replies(world) == 1);
    CHECK(world.job(job).charged == 1);
}

TEST_CASE("a refusal that proves that nothing was bought leaves nothing in the spool") {
    EngineWorld world;
    world.upstream().set_stranger([](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (!call.paid) return std::nullopt;
        return says(200, R"({"base_resp": {"status_code": 2013, "status_msg": "bad"}})");
    });
    const auto job = world.admit(Kind::music, EngineWorld::request(Kind::music, "song"));

    CHECK(world.run_until_state(job, State::failed, 1h));
    world.run_for(1s);

    CHECK(world.files().list_now("spool").empty());
}

TEST_CASE("a file that the upstream says is gone is given up after two minutes of saying so") {
    EngineWorld world;
    bool gone = true;
    world.upstream().set_stranger([&](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (!gone || !has(call.url, "/v1/files/retrieve")) return std::nullopt;
        return says(200, R"({"base_resp": {"status_code": 2013, "status_msg": "invalid"}})");
    });
    const auto job = world.admit(Kind::video, EngineWorld::request(Kind::video, "film"));
    CHECK(world.run_until_state(job, State::fetching, 10min));
    const proto::Instant fetching = world.now();

    SUBCASE("for good") {
        CHECK(world.run_until_state(job, State::failed, 10min));
        CHECK(world.now() - fetching >= 2min);
        REQUIRE(world.job(job).failure);
        CHECK(world.job(job).failure->code == "artifact.gone");
        CHECK_FALSE(world.job(job).failure->retryable);
    }
    SUBCASE("but not when it was a slip") {
        world.run_for(90s);
        CHECK(world.state(job) == State::fetching);
        gone = false;
        CHECK(world.run_until_state(job, State::succeeded, 10min));
    }
    CHECK(world.bought("film") == 1);
}

TEST_CASE("a link that cannot be renewed is given up only when it is refused three times") {
    EngineWorld world;
    const std::string linked =
        R"({"response_format": "url", )" + EngineWorld::request(Kind::image, "image").substr(1);
    int refusals = 0;
    int refused = 0;
    world.upstream().set_stranger([&](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (has(call.url, "/v1/") || refused >= refusals) return std::nullopt;
        ++refused;
        return says(403, "not yet");
    });

    SUBCASE("twice is a host that is not ready") {
        refusals = 2;
        const auto job = world.admit(Kind::image, linked);
        CHECK(world.run_until_state(job, State::succeeded, 10min));
        CHECK(world.artifact_fault(world.job(job), "image") == "");
        CHECK(refused == 2);
    }
    SUBCASE("always is a dead link") {
        refusals = 1'000;
        const auto job = world.admit(Kind::image, linked);
        CHECK(world.run_until_state(job, State::failed, 10min));
        CHECK(world.job(job).failure->code == "artifact.link_expired");
        CHECK(refused == 6);
    }
    CHECK(world.bought("image") == 1);
}

TEST_CASE("download hosts that send next to nothing do not keep other jobs' files waiting") {
    tests::EngineWorldOptions options;
    options.fetch_workers_max = 2;
    EngineWorld world(std::move(options));
    bool sick = true;
    std::set<std::string> crawling;
    world.upstream().set_stranger([&](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (!sick || has(call.url, "/v1/")) return std::nullopt;
        const std::string file = call.url.substr(0, call.url.find('?'));
        if (crawling.size() < 2) crawling.insert(file);
        if (!crawling.contains(file)) return std::nullopt;
        FakeAnswer crumbs = says(200, std::string(100'000, 'x'));
        crumbs.piece_bytes = 1;
        crumbs.pause = 50s;
        return crumbs;
    });
    const auto one = world.admit(Kind::video, EngineWorld::request(Kind::video, "one"));
    const auto two = world.admit(Kind::video, EngineWorld::request(Kind::video, "two"));
    REQUIRE(world.run_until([&] { return crawling.size() == 2; }, 1h));

    const auto other = world.admit(Kind::video, EngineWorld::request(Kind::video, "other"));
    CHECK(world.run_until_state(other, State::succeeded, 15min));
    for (const auto job : {one, two}) {
        CHECK(world.run_until([&] { return world.job(job).fetch_troubles > 0; }, 15min));
        CHECK(world.state(job) == State::fetching);
    }

    sick = false;
    for (const auto job : {one, two})
        CHECK(world.run_until_state(job, State::succeeded, 1h));
    for (const char* ref : {"one", "two", "other"})
        CHECK(world.bought(ref) == 1);
}

TEST_CASE("a place that cannot be written is one job's trouble; only a full disk stops buying") {
    EngineWorld world;
    const auto film =
        world.admit(Kind::video, EngineWorld::request(Kind::video, "film", "[[slow:100]]"));
    CHECK(world.run_until_state(film, State::running, 1min));
    const auto refuse = [&world](std::errc error) {
        world.files().set_write_error(error);
        return world.run_for(20min);
    };
    bool buys = false;
    SUBCASE("refused") {
        buys = true;
        refuse(std::errc::permission_denied);
    }
    SUBCASE("full") {
        refuse(std::errc::no_space_on_device);
    }
    CHECK(world.state(film) == State::fetching);
    const auto other = world.admit(Kind::video, EngineWorld::request(Kind::video, "other"));
    world.run_for(100ms);
    CHECK((world.bought("other") == 1) == buys);

    world.files().set_write_error({});

    CHECK(world.run_until_state(film, State::succeeded, 1h));
    CHECK(world.run_until_state(other, State::succeeded, 1h));
}

TEST_CASE("without a spool nothing is bought, and each job waits longer from try to try") {
    EngineWorld world;
    world.files().set_write_error(std::errc::permission_denied);
    const auto song = world.admit(Kind::music, EngineWorld::request(Kind::music, "song"));
    world.run_for(1h);
    CHECK(world.state(song) == State::queued);
    CHECK(world.bought("song") == 0);
    CHECK(world.job(song).send < 100);

    world.files().set_write_error({});

    CHECK(world.run_until_state(song, State::succeeded, 1h));
}

TEST_CASE("a finished file that cannot be looked at after a start is not fetched once more") {
    EngineWorld world;
    const auto job = world.admit(Kind::video, EngineWorld::request(Kind::video, "film"));
    const auto named = [&] {
        const auto artifacts = world.job(job).artifacts;
        return !artifacts.empty() && artifacts[0].status == proto::Artifact::Status::named;
    };
    REQUIRE(world.run_until_state(job, State::fetching, 1h));
    for (int i = 0; i < 2'000 && !named(); ++i)
        world.run_handlers(1);
    REQUIRE(named());
    REQUIRE(world.state(job) == State::fetching);

    world.crash(false, 1);
    world.files().set_unreadable(true);
    world.run_for(10min);
    CHECK(world.state(job) == State::fetching);
    CHECK(named());
    world.files().set_unreadable(false);

    CHECK(world.run_until_state(job, State::succeeded, 1h));
    CHECK(world.artifact_fault(world.job(job), "film") == "");
    CHECK(world.files().list_now("artifacts").size() == 1);
}

TEST_CASE("the part file of a job canceled while the process died is taken away at the start") {
    EngineWorld world;
    const auto begun = [&world](proto::JobSeq job) {
        const std::string part = "." + world.job(job).id.text() + "-0.part";
        const auto names = world.files().list_now("artifacts");
        return std::find(names.begin(), names.end(), part) != names.end();
    };
    const auto canceled = world.admit(Kind::video, EngineWorld::request(Kind::video, "one"));
    REQUIRE(world.run_until_state(canceled, State::fetching, 1h));
    for (int i = 0; i < 2'000 && !begun(canceled); ++i)
        world.run_handlers(1);
    REQUIRE(begun(canceled));
    world.act(canceled, queue::Verb::cancel);
    REQUIRE(world.state(canceled) == State::canceled);

    world.crash(false, 1);
    CHECK(begun(canceled));
    world.run_for(1min);

    CHECK(world.files().list_now("artifacts").empty());
    world.act(canceled, queue::Verb::retry);
    CHECK(world.run_until_state(canceled, State::succeeded, 1h));
    CHECK(world.bought("one") == 1);
}
