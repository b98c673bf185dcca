// Much work over several accounts: in order, within every limit, and as fast as the slots allow.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "proto/time.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/workers/engine_world.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using proto::Instant;
using proto::Kind;
using proto::State;
using tests::EngineWorld;
using tests::EngineWorldOptions;
using tests::FakeAnswer;

namespace {

using Slots = std::map<std::string, std::uint32_t>;
using Orders = std::vector<std::pair<Kind, std::string>>;

const std::map<std::string, Slots> accounts = {
    {"main", {{"video", 5}, {"image", 3}, {"tts", 2}, {"music", 2}, {"voice", 1}}},
    {"spare", {{"video", 3}, {"image", 2}, {"tts", 2}, {"music", 1}, {"voice", 1}}},
    {"twin", {{"video", 2}, {"image", 1}, {"tts", 1}, {"music", 1}, {"voice", 1}}},
    {"last", {{"video", 1}, {"image", 1}, {"tts", 1}, {"voice", 1}}},
};

/// As long as the upstream's work takes, a look at it now and then costs little.
EngineWorldOptions four_accounts() {
    EngineWorldOptions options;
    options.slots = accounts.at("main");
    for (const auto& [name, slots] : accounts) {
        if (name != "main") options.others[name] = slots;
    }
    options.upstream.latency = 10min;
    return options;
}

std::string key_of(const std::string& account) {
    return account == "main" ? "secret-key" : account;
}

/// Four videos in ten, three images, two speeches and a song.
Orders mixed(std::size_t count, const std::string& name) {
    constexpr std::array kinds{Kind::video, Kind::image, Kind::video, Kind::tts,   Kind::image,
                               Kind::video, Kind::music, Kind::video, Kind::image, Kind::tts};
    Orders orders;
    for (std::size_t i = 0; i < count; ++i) {
        const Kind kind = kinds[i % kinds.size()];
        orders.emplace_back(kind, EngineWorld::request(kind, name + "-" + std::to_string(i)));
    }
    return orders;
}

bool is_over(const queue::BatchView& batch) {
    return batch.ended_at.has_value();
}

std::uint64_t succeeded(const queue::BatchView& batch) {
    return batch.by_state[static_cast<std::size_t>(State::succeeded)];
}

using Lane = std::pair<std::string, std::string>;  ///< an account's key and a slot class

std::map<Lane, std::vector<simulator::TruthRecord>> by_lane(const EngineWorld& world) {
    const std::map<std::string, std::string> classes{{"/v1/video_generation", "video"},
                                                     {"/v1/image_generation", "image"},
                                                     {"/v1/t2a_v2", "tts"},
                                                     {"/v1/music_generation", "music"},
                                                     {"/v1/voice_clone", "voice"}};
    std::map<Lane, std::vector<simulator::TruthRecord>> lanes;
    for (const simulator::TruthRecord& truth : world.upstream().records().truths())
        lanes[{truth.account, classes.at(truth.endpoint)}].push_back(truth);
    return lanes;
}

/// How much the upstream had under way at once, at most.
std::size_t most_at_once(const std::vector<simulator::TruthRecord>& bought) {
    std::multiset<Instant> ends;
    std::size_t most = 0;
    for (const simulator::TruthRecord& truth : bought) {
        ends.erase(ends.begin(), ends.upper_bound(truth.time));
        ends.insert(truth.until);
        most = std::max(most, ends.size());
    }
    return most;
}

void check_limits(const EngineWorld& world) {
    for (const auto& [lane, bought] : by_lane(world)) {
        for (const auto& [name, slots] : accounts) {
            if (key_of(name) != lane.first) continue;
            CAPTURE(name);
            CAPTURE(lane.second);
            CHECK(most_at_once(bought) <= slots.at(lane.second));
        }
    }
}

/// Nothing was bought twice, and nothing but what is told here.
void check_bought_once(const EngineWorld& world, std::size_t jobs) {
    std::set<std::string> refs;
    const auto truths = world.upstream().records().truths();
    for (const simulator::TruthRecord& truth : truths)
        refs.insert(truth.ref);
    CHECK(truths.size() == jobs);
    CHECK(refs.size() == jobs);
}

/// What the busiest slot class takes if none of its slots ever rests.
proto::Duration ideal(const EngineWorld& world) {
    std::map<std::string, proto::Duration> work;
    for (const auto& [lane, bought] : by_lane(world)) {
        for (const simulator::TruthRecord& truth : bought)
            work[lane.second] += truth.until - truth.time;
    }
    proto::Duration longest{0};
    for (const auto& [slot_class, sum] : work) {
        std::uint32_t slots = 0;
        for (const auto& [name, has] : accounts) {
            const auto found = has.find(slot_class);
            if (found != has.end()) slots += found->second;
        }
        longest = std::max(longest, sum / slots);
    }
    return longest;
}

}  // namespace

TEST_CASE("2,000 jobs of three batches take what the slots take, and a small batch does not wait") {
    EngineWorld world(four_accounts());
    const Instant began = world.now();
    std::vector<proto::BatchSeq> large;
    for (const char* const name : {"reel", "album", "book"})
        large.push_back(world.admit_batch(mixed(660, name)));
    const auto urgent = [](proto::JobSpec& spec) { spec.priority = 9; };
    const proto::BatchSeq small = world.admit_batch(mixed(20, "trailer"), urgent);

    CHECK(world.run_until([&] { return is_over(world.batch(small)); }, 24h));
    std::uint64_t before = 0;
    for (const proto::BatchSeq batch : large)
        before += succeeded(world.batch(batch));
    CHECK(before < 3 * 660 / 20);

    const auto all_over = [&] {
        return std::all_of(large.begin(), large.end(),
                           [&](proto::BatchSeq batch) { return is_over(world.batch(batch)); });
    };
    CHECK(world.run_until(all_over, 24h * 7));
    CHECK(succeeded(world.batch(small)) == 20);
    for (const proto::BatchSeq batch : large)
        CHECK(succeeded(world.batch(batch)) == 660);
    check_bought_once(world, 2'000);
    check_limits(world);
    const auto took = std::chrono::duration_cast<proto::Duration>(world.now() - began);
    MESSAGE("it took " << took.count() << " ms, of which the slots take " << ideal(world).count());
    CHECK(took.count() * 10 <= ideal(world).count() * 11);
}

TEST_CASE("an account without money is left alone until its time, and the others do its work" *
          doctest::skip(tests::sanitized)) {
    EngineWorld world(four_accounts());
    std::vector<Instant> asked;
    world.upstream().set_stranger([&](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (call.secrets != std::vector<std::string>{"spare"} || !call.paid) return std::nullopt;
        asked.push_back(world.now());
        if (asked.size() > 1) return std::nullopt;
        FakeAnswer answer;
        answer.body = R"({"base_resp":{"status_code":1008,"status_msg":"insufficient balance"}})";
        return answer;
    });
    const proto::BatchSeq batch = world.admit_batch(mixed(300, "reel"));

    CHECK(world.run_until([&] { return !world.account("spare").quarantines.empty(); }, 1h));
    const Instant until = world.account("spare").quarantines.front().until;
    REQUIRE(until > world.now() + 1min);
    REQUIRE(until < world.now() + 24h);
    CHECK(world.run_until([&] { return is_over(world.batch(batch)); }, 24h * 7));

    REQUIRE(asked.size() > 1);
    const auto early =
        std::count_if(asked.begin(), asked.end(), [until](Instant at) { return at < until; });
    // What was on the wire when the first was refused went out at the same moment.
    const auto at_once = std::count(asked.begin(), asked.end(), asked.front());
    CHECK(early == at_once);
    CHECK(succeeded(world.batch(batch)) == 300);
    check_bought_once(world, 300);
    check_limits(world);
}

TEST_CASE("an account that is taken out of the configuration and put back finishes its tasks" *
          doctest::skip(tests::sanitized)) {
    EngineWorld world(four_accounts());
    const proto::BatchSeq batch = world.admit_batch(mixed(300, "reel"));
    world.run_for(1h);
    const auto of_spare = [&] {
        const auto jobs = world.jobs();
        return std::count_if(jobs.begin(), jobs.end(), [](const proto::JobRecord& job) {
            return job.account == "spare" && job.state == State::running;
        });
    };
    REQUIRE(of_spare() > 0);

    world.configure("spare");
    world.run_for(1s);
    std::size_t calls = 0;
    world.upstream().set_stranger([&](const workers::HttpCall& call) -> std::optional<FakeAnswer> {
        if (call.secrets == std::vector<std::string>{"spare"}) ++calls;
        return std::nullopt;
    });
    const auto left = of_spare();
    world.run_for(5h);
    CHECK(calls == 0);
    CHECK(of_spare() == left);
    SUBCASE("at once") {}
    SUBCASE("by a process that was killed") {
        world.crash(true, 1);
    }
    world.configure();

    CHECK(world.run_until([&] { return is_over(world.batch(batch)); }, 24h * 7));
    CHECK(succeeded(world.batch(batch)) == 300);
    check_bought_once(world, 300);
    check_limits(world);
}

TEST_CASE("what is said with a cloned voice is said where the voice was cloned") {
    EngineWorld world(four_accounts());
    const std::string recording = world.hand_in("ID3 of an old sailor", "audio/mpeg");
    const auto clone =
        world.admit(Kind::voice_clone,
                    R"({"voice_id":"OldSailor01","file_id":{"$file":")" + recording + R"("}})",
                    [](proto::JobSpec& spec) { spec.account = "twin"; });
    CHECK(world.run_until_state(clone, State::succeeded, 2h));
    Orders words;
    for (int i = 0; i < 40; ++i)
        words.emplace_back(Kind::tts, R"({"model":"speech-2.6-hd","text":"ahoy [[ref:ahoy-)" +
                                          std::to_string(i) +
                                          R"(]]","voice_setting":{"voice_id":"OldSailor01"}})");
    const proto::BatchSeq batch = world.admit_batch(words);

    CHECK(world.run_until([&] { return is_over(world.batch(batch)); }, 24h * 7));

    CHECK(succeeded(world.batch(batch)) == 40);
    const auto lanes = by_lane(world);
    CHECK(lanes.at({"twin", "tts"}).size() == 40);
    check_limits(world);
}
