// A refused purchase: what is closed meanwhile, until when, and what becomes of the job.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

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

/// What no longer goes to the account: nothing, what has the same model, the same op, anything.
enum class Closed : std::uint8_t { none, model, op, all };

/// What becomes of the job that was refused.
enum class Ends : std::uint8_t { failed, held, bought };

/// Opened by a person only.
constexpr auto by_person = proto::Duration::max();

struct Row {
    int code;  ///< MiniMax's; below 1000 an HTTP status without one
    Closed closed;
    proto::Duration span;
    Ends ends;
};

constexpr proto::Duration one_window = 5h;

constexpr std::array rows{
    Row{308, Closed::all, by_person, Ends::bought},
    Row{400, Closed::none, 0s, Ends::failed},
    Row{401, Closed::all, by_person, Ends::bought},
    Row{402, Closed::all, 5min, Ends::bought},
    Row{403, Closed::all, by_person, Ends::bought},
    Row{404, Closed::none, 0s, Ends::failed},
    Row{405, Closed::all, by_person, Ends::bought},
    Row{408, Closed::none, 0s, Ends::held},
    Row{413, Closed::none, 0s, Ends::failed},
    Row{422, Closed::none, 0s, Ends::failed},
    Row{429, Closed::op, 2s, Ends::bought},
    Row{500, Closed::none, 0s, Ends::held},
    Row{529, Closed::none, 0s, Ends::held},
    Row{1000, Closed::none, 0s, Ends::held},
    Row{1001, Closed::none, 0s, Ends::held},
    Row{1002, Closed::op, 2s, Ends::bought},
    Row{1004, Closed::all, by_person, Ends::bought},
    Row{1008, Closed::all, 5min, Ends::bought},
    Row{1013, Closed::none, 0s, Ends::held},
    Row{1024, Closed::none, 0s, Ends::held},
    Row{1026, Closed::none, 0s, Ends::failed},
    Row{1027, Closed::none, 0s, Ends::failed},
    Row{1028, Closed::model, one_window, Ends::bought},
    Row{1030, Closed::model, one_window, Ends::bought},
    Row{1033, Closed::none, 0s, Ends::held},
    Row{1039, Closed::op, 2s, Ends::bought},
    Row{1041, Closed::op, 2s, Ends::bought},
    Row{1042, Closed::none, 0s, Ends::failed},
    Row{1043, Closed::none, 0s, Ends::failed},
    Row{1044, Closed::none, 0s, Ends::failed},
    Row{2013, Closed::none, 0s, Ends::failed},
    Row{2037, Closed::none, 0s, Ends::failed},
    Row{2038, Closed::op, by_person, Ends::bought},
    Row{2039, Closed::none, 0s, Ends::failed},
    Row{2042, Closed::none, 0s, Ends::failed},
    Row{2045, Closed::all, 2s, Ends::bought},
    Row{2046, Closed::none, 0s, Ends::held},
    Row{2047, Closed::none, 0s, Ends::held},
    Row{2048, Closed::none, 0s, Ends::failed},
    Row{2049, Closed::all, by_person, Ends::bought},
    Row{2056, Closed::all, one_window, Ends::bought},
    Row{2061, Closed::model, by_person, Ends::bought},
    Row{2067, Closed::all, one_window, Ends::held},
    Row{2201, Closed::none, 0s, Ends::held},
    Row{2202, Closed::none, 0s, Ends::held},
    Row{2203, Closed::none, 0s, Ends::failed},
    Row{2204, Closed::none, 0s, Ends::failed},
    Row{2205, Closed::op, 2s, Ends::bought},
    Row{2206, Closed::none, 0s, Ends::held},
    Row{20132, Closed::none, 0s, Ends::failed},
    Row{1400010161, Closed::all, 5min, Ends::held},
};

FakeAnswer refusal(int code) {
    FakeAnswer answer;
    answer.status = code < 1000 ? code : 200;
    answer.body = code < 1000 ? "{}"
                              : R"({"task_id":"","base_resp":{"status_code":)" +
                                    std::to_string(code) + R"(,"status_msg":"no"}})";
    return answer;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// Refuses what is bought with these words in it, so many times.
void refuse(EngineWorld& world, const std::string& words, int code, int times) {
    world.upstream().set_stranger(
        [words, code, times](const workers::HttpCall& call) mutable -> std::optional<FakeAnswer> {
            if (!call.paid || times == 0 || !has(call.body, words)) return std::nullopt;
            --times;
            return refusal(code);
        });
}

EngineWorldOptions many_slots() {
    EngineWorldOptions options;
    options.slots = {{"video", 9}, {"music", 9}, {"chat", 9}};
    options.upstream.latency = 10s;
    return options;
}

std::string film(const std::string& ref, const std::string& model) {
    return R"({"model":")" + model + R"(","prompt":"waves [[ref:)" + ref + R"(]]"})";
}

/// Whether a job of this sort went out, of those that are handed in once the gate is closed.
struct Others {
    std::string ref;
    std::string model;
    bool music = false;
    bool open = false;
};

void resume(EngineWorld& world) {
    queue::Pause pause;
    pause.account = "main";
    pause.paused = false;
    CHECK(world.ask(pause).errc == queue::Errc::ok);
}

void play(const Row& row) {
    EngineWorld world(many_slots());
    refuse(world, "[[ref:first]]", row.code, 1);
    const auto first = world.admit(Kind::video, film("first", "MiniMax-Hailuo-02"));
    REQUIRE(world.run_until([&] { return world.job(first).failure.has_value(); }, 10s));
    const proto::Instant refused_at = world.now();

    const Others others[] = {
        {"same", "MiniMax-Hailuo-02", false, row.closed == Closed::none},
        {"model", "MiniMax-Hailuo-2.3", false,
         row.closed == Closed::none || row.closed == Closed::model},
        {"op", "", true, row.closed != Closed::all},
    };
    for (const Others& each : others) {
        world.admit(
            each.music ? Kind::music : Kind::video,
            each.music ? EngineWorld::request(Kind::music, each.ref) : film(each.ref, each.model));
    }
    // The gate opens at its time and not before: by then all that is closed has not moved.
    const proto::Duration span = row.span == by_person ? 48h : row.span;
    const proto::Instant before = refused_at + span - 500ms;
    world.run_for(std::max<proto::Duration>(1s, before - world.now()));
    for (const Others& each : others) {
        CAPTURE(each.ref);
        CHECK(world.bought(each.ref) == (each.open ? 1 : 0));
    }
    if (row.ends == Ends::bought) CHECK(world.bought("first") == 0);
    if (row.ends == Ends::bought) CHECK(world.job(first).charged == 0);
    if (row.span == by_person) resume(world);

    const State wanted = row.ends == Ends::bought ? State::succeeded
                         : row.ends == Ends::held ? State::held
                                                  : State::failed;
    CHECK(world.run_until_state(first, wanted, 30min));
    world.run_for(row.closed == Closed::none ? 1h : 6h);
    for (const Others& each : others) {
        CAPTURE(each.ref);
        CHECK(world.bought(each.ref) == 1);
    }
    CHECK(world.bought("first") == (row.ends == Ends::bought ? 1 : 0));
    CHECK(world.account("main").quarantines.size() <= 1);
}

std::string question(const std::string& ref) {
    return R"({"model":"MiniMax-M2.7","messages":[{"role":"user","content":"hello [[ref:)" + ref +
           R"(]]"}]})";
}

}  // namespace

TEST_CASE("each refusal closes what it says for as long as it says, and its job is bought once" *
          doctest::skip(tests::sanitized)) {
    for (const Row& row : rows) {
        CAPTURE(row.code);
        play(row);
    }
}

TEST_CASE("what closes one account lets its job go to another at once") {
    for (const Row& row : rows) {
        if (row.ends != Ends::bought) continue;
        CAPTURE(row.code);
        EngineWorldOptions options = many_slots();
        options.others = {{"spare", {{"video", 9}}}};
        EngineWorld world(options);
        bool refused = false;
        world.upstream().set_stranger(
            [&](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
                if (!call.paid || refused) return std::nullopt;
                refused = true;
                return refusal(row.code);
            });
        const auto job = world.admit(Kind::video, film("first", "MiniMax-Hailuo-02"));
        CHECK(world.run_until_state(job, State::succeeded, 1min));
        CHECK(refused);
        CHECK(world.job(job).account == "spare");
        CHECK(world.job(job).send == 2);
        CHECK(world.job(job).charged == 1);
        CHECK(world.bought("first") == 1);
        CHECK(world.account("main").quarantines.size() == 1);
        CHECK(world.account("spare").quarantines.empty());
    }
}

TEST_CASE("a plan's limit that says when it ends opens then, across a restart") {
    EngineWorld world(many_slots());
    const proto::Instant end = world.now() + 7h;
    world.upstream().set_stranger([&](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (!call.paid || world.now() >= end) return std::nullopt;
        FakeAnswer answer;
        answer.body = R"({"base_resp":{"status_code":2056,"status_msg":"limit, resets at )" +
                      proto::format_rfc3339(end) + R"("}})";
        return answer;
    });
    const auto job = world.admit(Kind::video, film("first", "MiniMax-Hailuo-02"));
    world.run_for(6h);
    world.restart(1min);
    world.run_for(end - world.now() - 1s);
    CHECK(world.job(job).send == 1);
    CHECK(world.state(job) == State::queued);

    CHECK(world.run_until_state(job, State::succeeded, 10min));
    CHECK(world.bought("first") == 1);
}

namespace {

/// Answers the next calls of this path with a page.
void answer_with_a_page(EngineWorld& world, const std::string& path, int times) {
    world.upstream().set_stranger(
        [path, times](const workers::HttpCall& call) mutable -> std::optional<FakeAnswer> {
            if (times == 0 || !has(call.url, path)) return std::nullopt;
            --times;
            FakeAnswer page;
            page.status = 404;
            page.body = "404 page not found";
            return page;
        });
}

}  // namespace

TEST_CASE("a path that a host lacks closes the op that goes there, and no other") {
    EngineWorld world(many_slots());
    answer_with_a_page(world, "/v1/video_generation", 1);
    const auto first = world.admit(Kind::video, film("first", "MiniMax-Hailuo-02"));
    REQUIRE(world.run_until([&] { return world.job(first).failure.has_value(); }, 10s));
    world.admit(Kind::video, film("other", "MiniMax-Hailuo-2.3"));
    const auto song = world.admit(Kind::music, EngineWorld::request(Kind::music, "song"));
    CHECK(world.run_until_state(song, State::succeeded, 1min));
    CHECK(world.bought("first") + world.bought("other") == 0);
    const auto closed = world.account("main").quarantines;
    REQUIRE(closed.size() == 1);
    CHECK(closed.front().scope == proto::Scope::op);

    resume(world);
    CHECK(world.run_until_state(first, State::succeeded, 10min));
    CHECK(world.bought("first") == 1);
}

TEST_CASE("a page in answer to a poll closes nothing, and the task is asked for again") {
    EngineWorld world(many_slots());
    answer_with_a_page(world, "/v1/query/video_generation", 3);
    const auto job = world.admit(Kind::video, film("first", "MiniMax-Hailuo-02"));
    CHECK(world.run_until_state(job, State::running, 1min));
    std::size_t closed = 0;
    CHECK(world.run_until(
        [&] {
            closed += world.account("main").quarantines.size();
            return world.state(job) == State::succeeded;
        },
        10min));
    CHECK(closed == 0);
    CHECK(world.bought("first") == 1);
}

TEST_CASE("a question that is always too long is refused in the end, and others are answered") {
    EngineWorld world(many_slots());
    refuse(world, "[[ref:long]]", 1039, 1'000);
    const auto job = world.admit(Kind::chat, question("long"));
    world.run_for(1s);
    for (int n = 0; n < 20; ++n) {
        const auto other = world.admit(Kind::chat, question("short-" + std::to_string(n)));
        CHECK(world.run_until_state(other, State::succeeded, 3min));
    }

    CHECK(world.run_until_state(job, State::failed, 2h));
    const proto::JobRecord record = world.job(job);
    CHECK(record.send == 12);
    CHECK(record.charged == 0);
    REQUIRE(record.failure.has_value());
    CHECK(record.failure->failure == proto::FailureClass::rejected);
    CHECK(record.failure->code == "1039");
    CHECK(record.failure->retryable);

    world.upstream().set_stranger({});
    world.act(job, queue::Verb::retry);
    CHECK(world.run_until_state(job, State::succeeded, 10min));
    CHECK(world.bought("long") == 1);
}

TEST_CASE("too many tokens a minute close the model only, and the job is answered once they pass") {
    EngineWorld world(many_slots());
    refuse(world, "[[ref:first]]", 1039, 5);
    const auto job = world.admit(Kind::chat, question("first"));
    REQUIRE(world.run_until([&] { return world.job(job).failure.has_value(); }, 10s));
    const auto closed = world.account("main").quarantines;
    REQUIRE(closed.size() == 1);
    CHECK(closed.front().scope == proto::Scope::model);
    CHECK(closed.front().what == "MiniMax-M2.7");

    CHECK(world.run_until_state(job, State::succeeded, 30min));
    CHECK(world.bought("first") == 1);
    CHECK(world.job(job).charged == 1);
}
