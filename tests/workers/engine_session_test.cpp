// A text that is too long for one call: one session, one purchase, one file.
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "tests/workers/engine_world.hpp"
#include "workers/spool.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using proto::Kind;
using proto::State;
using tests::EngineWorld;
using tests::EngineWorldOptions;
using tests::FakeAnswer;
using tests::FakeSaid;

namespace {

std::string novel(const std::string& ref, const std::string& extra = "") {
    return EngineWorld::request(Kind::tts, ref, extra + std::string(60'000, 'o'));
}

EngineWorldOptions with_fault(const std::string& fault, double rate) {
    EngineWorldOptions options;
    options.upstream.faults.set(fault, rate);
    return options;
}

/// An upstream that says these things in a session, one for each frame that it gets, and hangs up.
tests::ModelUpstream::Stranger saying(std::vector<std::string> words) {
    return [words = std::move(words)](const workers::HttpCall&) {
        FakeAnswer answer;
        answer.peer = [words, n = std::make_shared<std::size_t>(0)](const std::string*) {
            FakeSaid said;
            if (*n < words.size()) said.frames.push_back(words[(*n)++]);
            said.hangs_up = *n == words.size();
            return said;
        };
        return std::optional(answer);
    };
}

const std::string begins = R"({"event":"connected_success","base_resp":{"status_code":0}})";
const std::string started = R"({"event":"task_started"})";

std::string failed(int code) {
    return R"({"event":"task_failed","base_resp":{"status_code":)" + std::to_string(code) +
           R"(,"status_msg":"no"}})";
}

bool rests(State state) {
    return proto::is_terminal(state) || state == State::held;
}

/// Plays a session up to shortly before its first audio, goes on for so many handlers, and dies.
State dies_after(std::uint64_t handlers) {
    EngineWorld world;
    const auto job = world.admit(Kind::tts, novel("book", "[[slow:20]] "));
    world.run_for(19'900ms);
    world.run_handlers(handlers);
    world.crash(handlers % 2 == 0, handlers);
    CAPTURE(handlers);
    CHECK(world.run_until([&] { return rests(world.state(job)); }, 24h));
    CHECK(world.bought("book") == 1);
    CHECK(world.job(job).charged == 1);
    CHECK(world.artifact_fault(world.job(job), "book") == "");
    return world.state(job);
}

}  // namespace

TEST_CASE("a text of 60,000 characters is one purchase, and becomes one file") {
    EngineWorld world;
    const auto job = world.admit(Kind::tts, novel("book"));

    REQUIRE(world.run_until_state(job, State::succeeded, 1h));

    CHECK(world.job(job).artifacts.size() == 1);
    CHECK(world.artifact_fault(world.job(job), "book") == "");
    CHECK(world.bought("book") == 1);
    CHECK(world.files().list_now("spool").empty());
}

TEST_CASE("a session survives a death at any moment once all of it is in the spool") {
    std::uint64_t home = 0;
    bool safe = false;
    for (std::uint64_t handlers = 0; handlers < 900; handlers += 9) {
        const State end = dies_after(handlers);
        CHECK((end == State::held || end == State::succeeded));
        if (end == State::succeeded) ++home;
        if (safe) CHECK(end == State::succeeded);
        safe = safe || (end == State::succeeded && handlers % 2 == 0);
    }
    CHECK(home > 20);
    CHECK(home < 80);
}

TEST_CASE("a connection that is lost before the task was started has bought nothing") {
    EngineWorld world;
    world.upstream().set_stranger([](const workers::HttpCall&) {
        FakeAnswer answer;
        answer.peer = [](const std::string*) { return FakeSaid{{}, 0ms, true}; };
        return std::optional(answer);
    });
    const auto job = world.admit(Kind::tts, novel("book"));
    world.run_for(1min);
    CHECK(world.state(job) == State::queued);
    CHECK(world.job(job).charged == 0);
    CHECK(world.files().list_now("spool").empty());

    world.upstream().set_stranger({});

    CHECK(world.run_until_state(job, State::succeeded, 1h));
    CHECK(world.bought("book") == 1);
}

TEST_CASE("whatever was lost after the task was started is unknown, and never bought again") {
    for (const auto& words : {std::vector{begins}, {begins, started}, {begins, failed(1000)}}) {
        EngineWorld world;
        world.upstream().set_stranger(saying(words));
        const auto job = world.admit(Kind::tts, novel("book"));

        CHECK(world.run_until_state(job, State::held, 24h));
        world.run_for(24h);

        CHECK(world.http().calls().size() == 1);
        CHECK(world.job(job).charged == 1);
    }
}

TEST_CASE("a session that breaks in the middle of its audio leaves in the spool what came") {
    EngineWorld world(with_fault("cut-paid-reply", 1));
    const auto job = world.admit(Kind::tts, novel("book"));

    CHECK(world.run_until_state(job, State::held, 24h));

    CHECK(world.bought("book") == 1);
    const auto kept = world.files().list_now("spool");
    REQUIRE(kept.size() == 1);
    const std::string file = world.files().read_now("spool/" + kept[0]).bytes;
    CHECK(file.find("task_continued") != std::string::npos);
    CHECK_FALSE(workers::parse_spool(file).has_value());
}

TEST_CASE("a refusal in place of the task's start is what its code says") {
    EngineWorld world;
    world.upstream().set_stranger(saying({begins, failed(1026)}));
    const auto refused = world.admit(Kind::tts, novel("book"));
    CHECK(world.run_until_state(refused, State::failed, 1h));
    CHECK(world.job(refused).charged == 0);

    EngineWorld crowded(with_fault("session-refused", 1));
    const auto job = crowded.admit(Kind::tts, novel("book"));
    crowded.run_for(1min);
    CHECK(crowded.state(job) == State::queued);
    crowded.upstream().command("/sim/faults", R"({"session-refused":0})");
    CHECK(crowded.run_until_state(job, State::succeeded, 24h));
    CHECK(crowded.bought("book") == 1);
}

TEST_CASE("an upstream that refuses the session itself has sold nothing") {
    EngineWorld world;
    world.upstream().set_stranger([](const workers::HttpCall&) {
        FakeAnswer answer;
        answer.status = 502;
        answer.body = "<html>bad gateway</html>";
        return std::optional(answer);
    });
    const auto job = world.admit(Kind::tts, novel("book"));
    world.run_for(1min);
    CHECK(world.state(job) == State::queued);
    CHECK(world.job(job).charged == 0);
    world.upstream().set_stranger({});
    CHECK(world.run_until_state(job, State::succeeded, 24h));
    CHECK(world.bought("book") == 1);
}

TEST_CASE("pieces for which there is no room are said again in the same session") {
    EngineWorld world(with_fault("session-crowded", 0.6));
    const auto job = world.admit(Kind::tts, novel("book"));

    REQUIRE(world.run_until_state(job, State::succeeded, 1h));

    CHECK(world.http().calls().size() == 1);
    CHECK(world.artifact_fault(world.job(job), "book") == "");
}

TEST_CASE("a stop lets a session finish while its patience lasts, and else leaves it unknown") {
    EngineWorld world;
    const auto patient = world.admit(Kind::tts, novel("one", "[[slow:20]] "));
    world.run_for(10s);
    world.restart(1min);
    CHECK(world.run_until_state(patient, State::succeeded, 1h));

    const auto cut = world.admit(Kind::tts, novel("two", "[[slow:20]] "));
    world.run_for(10s);
    world.restart(1s);
    CHECK(world.run_until_state(cut, State::held, 24h));
    CHECK(world.bought("one") == 1);
    CHECK(world.bought("two") == 1);
}
