// The second provider end to end: engine, queue and codecs against the simulated useapi.net.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "proto/codec.hpp"
#include "tests/workers/engine_world.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using proto::Kind;
using proto::State;
using tests::EngineWorld;
using tests::EngineWorldOptions;

namespace {

const std::map<std::string, std::uint32_t> some_slots{
    {"agent", 2}, {"image", 5}, {"music", 1}, {"speech", 3}, {"video", 3}};

EngineWorldOptions linked(const std::vector<std::string>& accounts) {
    EngineWorldOptions options;
    options.upstream.latency = 60s;
    for (const std::string& account : accounts)
        options.linked[account] = some_slots;
    return options;
}

const std::vector<Kind> kinds{Kind::video, Kind::video_template, Kind::image, Kind::agent,
                              Kind::tts,   Kind::music};

std::string words(const EngineWorld& world, proto::JobSeq job) {
    const proto::JobRecord record = world.job(job);
    return record.reason + (record.failure ? " " + record.failure->message : "");
}

std::size_t violations(const EngineWorld& world) {
    return world.upstream().records().violations().size();
}

/// Each job's purchases, by its own name in them.
std::map<std::string, std::size_t> purchases(const EngineWorld& world) {
    std::map<std::string, std::size_t> count;
    for (const auto& truth : world.upstream().records().truths())
        ++count[truth.ref.substr(0, truth.ref.find('#'))];
    return count;
}

}  // namespace

TEST_CASE("each op of useapi.net is bought once and brought home") {
    EngineWorld world(linked({"301", "302"}));
    std::map<proto::JobSeq, std::string> refs;
    for (const Kind kind : kinds) {
        const std::string ref(proto::to_string(kind));
        refs.emplace(world.admit_useapi(kind, EngineWorld::useapi_request(kind, ref)), ref);
    }
    world.run_for(1h);
    for (const auto& [job, ref] : refs) {
        CAPTURE(ref);
        CAPTURE(words(world, job));
        CHECK(world.state(job) == State::succeeded);
        CHECK(world.bought(ref) == 1);
        CHECK(world.artifact_fault(world.job(job), ref) == "");
        CHECK(world.job(job).artifacts.size() == (ref == "image" ? 4 : 1));
    }
    CHECK(violations(world) == 0);
}

TEST_CASE("an agent's attachments become files, and one that only talks has failed in its words") {
    EngineWorld world(linked({"301"}));
    const auto three = world.admit_useapi(
        Kind::agent, EngineWorld::useapi_request(Kind::agent, "three", "[[attachments:3]]"));
    const auto none = world.admit_useapi(
        Kind::agent, EngineWorld::useapi_request(Kind::agent, "none", "[[attachments:0]]"));

    CHECK(world.run_until_state(three, State::succeeded, 1h));
    CHECK(world.run_until_state(none, State::failed, 1h));

    CHECK(world.job(three).artifacts.size() == 3);
    CHECK(world.artifact_fault(world.job(three), "three") == "");
    REQUIRE(world.job(none).failure);
    CAPTURE(world.job(none).failure->message);
    CHECK(world.job(none).failure->upstream.find(world.job(none).failure->message) !=
          std::string::npos);
    CHECK(world.bought("none") == 1);
}

TEST_CASE("a purchase whose answer was lost is found, of every op") {
    for (const Kind kind : kinds) {
        const std::string ref(proto::to_string(kind));
        CAPTURE(ref);
        EngineWorld world(linked({"301", "302"}));
        world.upstream().set_way({.lost_back = 1'000});
        const auto job = world.admit_useapi(kind, EngineWorld::useapi_request(kind, ref));
        CHECK(world.run_until([&] { return world.bought(ref) == 1; }, 1min));
        world.upstream().set_way({});

        const bool home = world.run_until_state(job, State::succeeded, 1h);

        CAPTURE(words(world, job));
        CHECK(home);
        CHECK(world.bought(ref) == 1);
        CHECK(world.artifact_fault(world.job(job), ref) == "");
        // Its answer comes when the film is done, and the scheduler shows no name any more.
        const std::string by = kind == Kind::video_template ? "no other job can have bought it"
                                                            : "with the name of this send";
        const auto events = world.events(job);
        CHECK(std::any_of(events.begin(), events.end(), [&](const queue::EventRecord& event) {
            return event.event == proto::Event::adopted &&
                   event.detail.find(by) != std::string::npos;
        }));
    }
}

TEST_CASE("of a purchase of several tasks all are found, where nobody says which belong together") {
    EngineWorld world(linked({"301"}));
    world.upstream().set_way({.lost_back = 1'000});
    const auto job = world.admit_useapi(
        Kind::music, EngineWorld::useapi_request(Kind::music, "songs", "[[tracks:2]]"));
    CHECK(world.run_until([&] { return world.bought("songs") == 1; }, 1min));
    world.upstream().set_way({});

    CHECK(world.run_until_state(job, State::succeeded, 1h));

    CHECK(world.job(job).artifacts.size() == 2);
    CHECK(world.artifact_fault(world.job(job), "songs") == "");
}

TEST_CASE("an account on hold is left alone, and the other works on") {
    EngineWorldOptions options = linked({"301", "302"});
    EngineWorld world(options);
    world.run_for(1s);
    world.upstream().command("/sim/useapi", R"({"account":"301","error":"session expired"})");
    world.run_for(6min);
    std::vector<proto::JobSeq> jobs;
    for (int n = 0; n < 6; ++n)
        jobs.push_back(world.admit_useapi(
            Kind::video, EngineWorld::useapi_request(Kind::video, "clip-" + std::to_string(n))));
    world.run_for(2h);

    for (const proto::JobSeq job : jobs) {
        CAPTURE(words(world, job));
        CHECK(world.state(job) == State::succeeded);
        CHECK(world.job(job).account == "302");
    }
    CHECK(world.account("301").broken == "useapi.net says of the account: session expired");
}

TEST_CASE("what is known of an account stays while its upstream has an error of its own") {
    EngineWorld world(linked({"301"}));
    world.upstream().command("/sim/useapi", R"({"account":"301","error":"session expired"})");
    world.run_for(6min);
    REQUIRE_FALSE(world.account("301").broken.empty());
    for (const int status : {200, 401, 404, 429, 502}) {
        CAPTURE(status);
        std::size_t looks = 0;
        world.upstream().set_stranger(
            [&](const workers::HttpCall& call) -> std::optional<tests::FakeAnswer> {
                if (call.url.find("/accounts/") == std::string::npos) return std::nullopt;
                ++looks;
                tests::FakeAnswer page;
                page.status = status;
                page.body = "<html>";
                return page;
            });
        world.run_for(11min);
        CHECK(looks >= 2);
        CHECK(world.account("301").broken == "useapi.net says of the account: session expired");
    }
    world.upstream().set_stranger(
        [](const workers::HttpCall& call) -> std::optional<tests::FakeAnswer> {
            const bool account = call.url.find("/accounts/") != std::string::npos;
            if (!account && call.url.find("/features/") == std::string::npos) return std::nullopt;
            tests::FakeAnswer refusal;
            refusal.status = account ? 404 : 400;
            refusal.body = R"({"error":"no such account"})";
            return refusal;
        });
    world.run_for(6min);
    CHECK(world.account("301").broken == "useapi.net has no such account");
}

TEST_CASE("five accounts of two providers work off one batch with a fifth of all answers lost") {
    EngineWorldOptions options = linked({"301", "302", "303"});
    options.others["spare"] = options.slots;
    options.seed = 7;
    EngineWorld world(options);
    world.run_for(1s);
    world.upstream().set_way({.lost_there = 100, .lost_back = 100});
    std::map<proto::JobSeq, std::string> refs;
    for (int n = 0; n < 60; ++n) {
        const Kind kind = kinds.at(static_cast<std::size_t>(n) % kinds.size());
        const std::string ref = "there-" + std::to_string(n);
        refs.emplace(world.admit_useapi(kind, EngineWorld::useapi_request(kind, ref)), ref);
    }
    for (int n = 0; n < 40; ++n) {
        const std::string ref = "here-" + std::to_string(n);
        const Kind kind = n % 2 == 0 ? Kind::video : Kind::image;
        refs.emplace(world.admit(kind, EngineWorld::request(kind, ref)), ref);
    }
    world.run_for(48h);

    std::size_t adopted = 0;
    std::size_t held = 0;
    for (const auto& [job, ref] : refs) {
        CAPTURE(ref);
        CAPTURE(words(world, job));
        const proto::JobRecord record = world.job(job);
        CHECK(world.bought(ref) - world.failed_upstream(ref) <= 1);
        const bool settled = record.state == State::succeeded || record.state == State::held;
        CHECK(settled);
        if (record.state == State::succeeded) CHECK(world.artifact_fault(record, ref) == "");
        if (ref.starts_with("there") && record.state == State::held) {
            ++held;
            // What the upstream has and a name could have told is not left to a person.
            CHECK(world.bought(ref) == 0);
        }
        const auto events = world.events(job);
        adopted += static_cast<std::size_t>(std::count_if(
            events.begin(), events.end(),
            [](const queue::EventRecord& event) { return event.event == proto::Event::adopted; }));
    }
    CHECK(adopted > 3);
    CHECK(held < 20);
    CHECK(violations(world) == 0);
    for (const auto& [job, count] : purchases(world)) {
        CAPTURE(job);
        if (!job.empty()) CHECK(count == 1);
    }
}
