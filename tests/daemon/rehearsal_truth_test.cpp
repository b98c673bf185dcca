// Whether a rehearsal foretells what then happens: the same batch through the real engine against
// the simulated upstream, on a simulated clock.
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "tests/daemon/rehearsed.hpp"
#include "tests/workers/engine_world.hpp"

using namespace genspool;
using namespace genspool::tests;
using namespace std::chrono_literals;

namespace {

constexpr const char* account = "rpm = 0\nslots = 3\n";

/// An image, a video that begins with it, and a voice-over after that. `slow`: what the simulated
/// upstream is told about how long it takes.
std::string chain(const std::string& name, const std::vector<std::string>& slow) {
    return R"({"kind":"image","custom_id":")" + name +
           R"(-still","request":{"model":"image-01","prompt":"a kite )" + slow.at(0) + "\"}}\n" +
           R"({"kind":"video","custom_id":")" + name +
           R"(-clip","request":{"model":"MiniMax-Hailuo-02","duration":6,"resolution":"768P",)"
           R"("prompt":"it flies )" +
           slow.at(1) + R"(","first_frame_image":{"$artifact":")" + name + "-still/0\"}}}\n" +
           R"({"kind":"tts","custom_id":")" + name + R"(-voice","after":[")" + name +
           R"(-clip"],"request":{"model":"speech-2.8-hd","text":"The kite flies. )" + slow.at(2) +
           R"(","voice_setting":{"voice_id":"male-qn-qingse"}}})"
           "\n";
}

struct Truth {
    proto::Duration took{0};
    proto::Micros spent = 0;
};

/// Hands the lines in as one batch and lets the engine work until all have succeeded.
Truth really(EngineWorld& world, const std::string& lines) {
    const daemon::Config config = config_with(account);
    const daemon::Admission admission(registry_here(), config);
    const proto::Instant start = world.now();
    queue::OpenBatch open;
    open.principal = "uid:1000";
    const auto batch = std::get<queue::BatchOpened>(world.ask(std::move(open)).body).batch;
    queue::AdmitChunk chunk{batch, {}, {}, {}};
    std::istringstream in(lines);
    std::uint64_t number = 0;
    for (std::string line; std::getline(in, line);) {
        auto job = admission.line(line, "uid:1000", start);
        REQUIRE_MESSAGE(job.has_value(), line);
        chunk.jobs.emplace_back(++number, std::move(*job));
    }
    world.ask(std::move(chunk));
    REQUIRE(world.ask(queue::Seal{batch, {}}).errc == queue::Errc::ok);
    const auto all_done = [&world] {
        const auto jobs = world.jobs();
        return std::ranges::all_of(
            jobs, [](const auto& job) { return job.state == proto::State::succeeded; });
    };
    REQUIRE(world.run_until(all_done, 48h));
    Truth truth;
    for (const proto::JobRecord& job : world.jobs()) {
        truth.took = std::max(truth.took, *job.finished_at - start);
        truth.spent += job.spent;
    }
    CHECK(world.log().empty());
    return truth;
}

void check_foretold(const daemon::RehearsalReport& foretold, const Truth& truth) {
    REQUIRE(foretold.ends_at.has_value());
    const proto::Duration length = *foretold.ends_at - foretold.starts_at;
    INFO("foretold ", length.count(), " ms, took ", truth.took.count(), " ms");
    CHECK(foretold.spent.at(proto::Unit::usd) == truth.spent);
    CHECK(length >= truth.took * 8 / 10);
    CHECK(length <= truth.took * 12 / 10);
}

EngineWorldOptions world_options(proto::Duration latency) {
    EngineWorldOptions options;
    options.slots = {{"video", 3}, {"image", 3}, {"tts", 3}};
    options.upstream.latency = latency;
    return options;
}

}  // namespace

TEST_CASE("the end and the cost of a chain are foretold") {
    EngineWorld world(world_options(5s));
    const std::string lines = chain("one", {"[[slow:12]]", "[[slow:140]]", "[[slow:6]]"});
    const auto foretold =
        rehearsed(lines, account,
                  std::vector<std::string>{"minimax.image=12s", "minimax.video_v1=140s",
                                           "minimax.t2a_v2=6s"});
    check_foretold(foretold, really(world, lines));
}

TEST_CASE("the end and the cost of many chains are foretold, where slots are short") {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        CAPTURE(seed);
        EngineWorldOptions options = world_options(60s);
        options.seed = options.upstream.seed = seed;
        EngineWorld world(options);
        std::string lines;
        for (int n = 0; n < 30; ++n)
            lines += chain("film-" + std::to_string(n), {"", "", ""});
        // The simulated upstream takes what it is told to, give or take half of it.
        const daemon::TimesTable times({{"minimax.image", {30s, 60s, 90s}},
                                        {"minimax.video_v1", {30s, 60s, 90s}},
                                        {"minimax.t2a_v2", {30s, 60s, 90s}}},
                                       "given");
        const auto foretold = rehearsed_by(lines, account, times);
        CHECK(foretold.bottleneck.gate == "slot");
        CHECK(foretold.bottleneck.slot_class == "video");
        check_foretold(foretold, really(world, lines));
    }
}
