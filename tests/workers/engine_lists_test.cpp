// Tasks that are asked for together, where the upstream has a list of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "proto/money.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/workers/engine_world.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using proto::Kind;
using proto::State;
using tests::EngineWorld;
using tests::EngineWorldOptions;
using tests::FakeAnswer;

namespace {

EngineWorldOptions many_slots() {
    EngineWorldOptions options;
    options.slots = {{"video_v2", 500}, {"video", 500}};
    return options;
}

/// A clip that takes so long, told from others by `ref`.
std::string clip(proto::Duration takes, const std::string& ref = "waves",
                 const std::string& more = {}) {
    return R"({"model":"MiniMax-H3","resolution":"768P","ratio":"16:9","duration":5,)"
           R"("content":[{"type":"text","text":"waves [[slow:)" +
           proto::format_micros(takes.count() * 1'000) + "]] [[ref:" + ref + "]] " + more +
           R"("}]})";
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

bool is_list(const workers::HttpCall& call) {
    return has(call.url, "/v2/query/video_generation?");
}

bool is_query(const workers::HttpCall& call) {
    return has(call.url, "/v2/query/video_generation/");
}

struct Calls {
    std::ptrdiff_t lists = 0;
    std::ptrdiff_t queries = 0;  ///< of one task, its link's included
};

Calls calls_of(const EngineWorld& world) {
    const auto& all = world.http().calls();
    return {std::ranges::count_if(all, is_list), std::ranges::count_if(all, is_query)};
}

/// Between a minute and a minute and a half.
proto::Duration usual(int n) {
    return 60s + 100ms * (n * 137 % 301);
}

bool all_done(const EngineWorld& world) {
    return std::ranges::all_of(world.jobs(),
                               [](const auto& job) { return job.state == State::succeeded; });
}

void learn(EngineWorld& world) {
    for (int n = 0; n < 40; ++n)
        world.admit(Kind::video, clip(usual(n)));
    REQUIRE(world.run_until([&] { return all_done(world); }, 10min));
}

}  // namespace

TEST_CASE("two hundred clips are watched with a fraction of the calls, and their ends seen sooner" *
          doctest::skip(tests::sanitized)) {
    EngineWorld world(many_slots());
    learn(world);
    const Calls before = calls_of(world);

    proto::Duration apart{0};
    SUBCASE("bought at once") {}
    SUBCASE("bought one after the other") {
        apart = 400ms;
    }
    std::vector<proto::JobSeq> jobs;
    for (int n = 0; n < 200; ++n) {
        jobs.push_back(world.admit(Kind::video, clip(usual(n))));
        world.run_for(apart);
    }
    REQUIRE(world.run_until([&] { return all_done(world); }, 10min));

    const Calls after = calls_of(world);
    std::ptrdiff_t each_five_seconds = 0;
    proto::Duration late{0};
    proto::Duration late_each_five_seconds{0};
    for (int n = 0; n < 200; ++n) {
        const proto::JobRecord job = world.job(jobs[static_cast<std::size_t>(n)]);
        const proto::Duration took = usual(n);
        const auto polls = (took.count() + 4'999) / 5'000;
        each_five_seconds += polls;
        late += job.fetch_since - job.sent_at - took;
        late_each_five_seconds += polls * 5s - took;
    }
    const std::ptrdiff_t lists = after.lists - before.lists;
    const std::ptrdiff_t polls = lists + after.queries - before.queries - 200;  // a link each
    MESSAGE(polls << " calls, " << lists << " of them lists, in place of " << each_five_seconds
                  << "; ends are seen " << late / 200 << " late in place of "
                  << late_each_five_seconds / 200);
    CHECK(polls * 5 <= each_five_seconds);
    CHECK(late <= late_each_five_seconds);
}

TEST_CASE("a few clips, and ops without a list, are asked for one by one") {
    EngineWorld world(many_slots());
    SUBCASE("two clips") {
        for (int n = 0; n < 2; ++n)
            world.admit(Kind::video, clip(60s));
    }
    SUBCASE("many of another op") {
        for (int n = 0; n < 20; ++n)
            world.admit(Kind::video, EngineWorld::request(Kind::video, "waves"));
    }
    CHECK(world.run_until([&] { return all_done(world); }, 10min));
    CHECK(calls_of(world).lists == 0);
}

TEST_CASE("what a list shows ends a task as its own query does") {
    EngineWorld world(many_slots());
    const auto done = world.admit(Kind::video, clip(20s, "done"));
    const auto failed = world.admit(Kind::video, clip(20s, "failed", "[[fail:1026]]"));
    const auto odd = world.admit(Kind::video, clip(20s, "odd", "[[unknown-state]]"));
    const auto more = world.admit(Kind::video, clip(20s, "more"));
    CHECK(world.run_until_state(done, State::succeeded, 10min));
    CHECK(world.run_until_state(failed, State::failed, 10min));
    CHECK(world.run_until_state(odd, State::succeeded, 10min));
    CHECK(world.run_until_state(more, State::succeeded, 10min));
    CHECK(world.job(failed).failure->code == "1026");
    CHECK(world.artifact_fault(world.job(done), "done") == "");
    CHECK(calls_of(world).lists > 0);
}

namespace {

/// Five clips under an upstream whose lists are answered so; all must come home all the same.
EngineWorld& under(EngineWorld& world, const std::string& body, int status = 200) {
    world.upstream().set_stranger([=](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (!is_list(call)) return std::nullopt;
        FakeAnswer answer;
        answer.status = status;
        answer.body = body;
        return answer;
    });
    for (int n = 0; n < 5; ++n)
        world.admit(Kind::video, clip(20s));
    CHECK(world.run_until([&] { return all_done(world); }, 2min));
    return world;
}

}  // namespace

TEST_CASE("a list that tells nothing is left alone for a while, and all is asked for singly") {
    EngineWorld world(many_slots());
    SUBCASE("unreadable") {
        under(world, "<html>");
    }
    SUBCASE("of a host that lacks it") {
        under(world, "404 page not found", 404);
        CHECK(world.account("main").quarantines.empty());
    }
    SUBCASE("of a shape never seen") {
        under(world, R"({"tasks":[]})");
    }
    SUBCASE("refused") {
        under(world, R"j({"type":"error","error":{"message":"no such page (2013)"}})j", 400);
    }
    SUBCASE("without a single one of ours, though it says that there is more") {
        under(world, R"({"items":[{"id":"7","status":"succeeded"}],"total":5000})");
        CHECK(calls_of(world).lists == 4);
        return;
    }
    SUBCASE("empty") {
        under(world, R"({"items":[],"total":0})");
    }
    CHECK(calls_of(world).lists == 1);
}

TEST_CASE("a list that meets trouble once is read again, and nothing is asked for singly") {
    EngineWorld world(many_slots());
    std::size_t moments = 1;
    FakeAnswer trouble;
    SUBCASE("no answer") {
        trouble.progress = workers::HttpProgress::sent;
    }
    SUBCASE("of a gateway") {
        trouble.status = 502;
        trouble.body = "<html>";
    }
    SUBCASE("and again") {
        trouble.status = 502;
        moments = 2;
    }
    std::set<proto::Instant> troubles;
    world.upstream().set_stranger([&](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (!is_list(call)) return std::nullopt;
        if (troubles.size() < moments) troubles.insert(world.now());
        return troubles.contains(world.now()) ? std::optional(trouble) : std::nullopt;
    });
    constexpr std::ptrdiff_t clips = 60;  // more than one list holds
    for (std::ptrdiff_t n = 0; n < clips; ++n)
        world.admit(Kind::video, clip(40s));
    REQUIRE(world.run_until([&] { return all_done(world); }, 2min));
    const bool singly = calls_of(world).queries > clips;  // a link each
    CHECK(singly == (moments == 2));
}

TEST_CASE("while their list is left alone, tasks do not all meet at one moment") {
    EngineWorld world(many_slots());
    std::map<proto::Instant, int> at_once;
    bool closed = false;
    world.upstream().set_stranger([&](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (is_query(call) && closed) ++at_once[world.now()];
        if (!is_list(call)) return std::nullopt;
        FakeAnswer answer;
        answer.body = "<html>";
        return answer;
    });
    for (int n = 0; n < 200; ++n)
        world.admit(Kind::video, clip(30min));
    world.run_for(20s);  // all have been asked for once, and each singly
    REQUIRE(calls_of(world).queries == 200);
    closed = true;
    world.run_for(2min);
    int most = 0;
    for (const auto& [moment, count] : at_once)
        most = std::max(most, count);
    CHECK(at_once.size() > 100);
    CHECK(most <= 20);
}

TEST_CASE("a list that shows less of a task than its query does is only a hint") {
    EngineWorld world(many_slots());
    std::string ids;
    world.upstream().set_stranger([&](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (!is_list(call)) return std::nullopt;
        FakeAnswer answer;
        answer.body = R"({"items":[)";
        for (std::size_t at = call.url.find("task_ids="); at != std::string::npos;
             at = call.url.find("task_ids=", at)) {
            at += 9;
            const std::string id = call.url.substr(at, call.url.find('&', at) - at);
            answer.body += R"({"status":"succeeded","id":")" + id + R"("},)";
        }
        answer.body.back() = ']';
        answer.body += R"(,"total":5})";
        return answer;
    });
    for (int n = 0; n < 5; ++n)
        world.admit(Kind::video, clip(10s, "waves", n == 0 ? "[[fail:1026]]" : ""));
    CHECK(world.run_until(
        [&] {
            return std::ranges::all_of(
                world.jobs(), [](const auto& job) { return proto::is_terminal(job.state); });
        },
        10min));
    const auto jobs = world.jobs();
    CHECK(std::ranges::count(jobs, State::succeeded, &proto::JobRecord::state) == 4);
    CHECK(std::ranges::count(jobs, State::failed, &proto::JobRecord::state) == 1);
}

TEST_CASE("an account that asks too often does not ask five times more for it") {
    EngineWorld world(many_slots());
    bool busy = true;
    world.upstream().set_stranger([&](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (!busy || (!is_list(call) && !is_query(call))) return std::nullopt;
        FakeAnswer answer;
        answer.status = 429;
        answer.body = R"j({"type":"error","error":{"message":"busy (1002)","http_code":"429"}})j";
        return answer;
    });
    for (int n = 0; n < 5; ++n)
        world.admit(Kind::video, clip(20s));
    world.run_for(2min);
    CHECK(calls_of(world).lists > 1);
    CHECK(calls_of(world).queries == 0);
    busy = false;
    CHECK(world.run_until([&] { return all_done(world); }, 2min));
}

TEST_CASE("a process that dies while a list is on its way asks again") {
    EngineWorld world(many_slots());
    for (int n = 0; n < 60; ++n)
        world.admit(Kind::video, clip(20s, "clip-" + std::to_string(n)));
    bool listed = false;
    world.upstream().set_stranger([&](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (!is_list(call)) return std::nullopt;
        listed = true;
        FakeAnswer never;
        never.delay = 1h;
        return never;
    });
    REQUIRE(world.run_until([&] { return listed; }, 5min));
    SUBCASE("by itself") {
        world.crash(false, 1);
    }
    SUBCASE("with the machine") {
        world.crash(true, 1);
    }
    SUBCASE("when it is told to") {
        world.restart(1min);
    }
    world.upstream().set_stranger({});
    CHECK(world.run_until([&] { return all_done(world); }, 10min));
    for (int n = 0; n < 60; ++n)
        CHECK(world.bought("clip-" + std::to_string(n)) == 1);
    CHECK(world.log().empty());
}

TEST_CASE("a clip that is to be called off is asked for alone: a list's word may be old by then") {
    EngineWorld world(many_slots());
    std::vector<proto::JobSeq> jobs;
    for (int n = 0; n < 5; ++n)
        jobs.push_back(world.admit(Kind::video, clip(300s)));
    world.run_for(5s);
    for (const proto::JobSeq job : jobs)
        world.act(job, queue::Verb::cancel);
    CHECK(world.run_until(
        [&] {
            return std::ranges::all_of(
                world.jobs(), [](const auto& job) { return job.state == State::canceled; });
        },
        1min));
    CHECK(calls_of(world).lists == 0);
}
