// A state directory of each format that was ever written: it opens, is whole, and can be worked
// off.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "queue/core.hpp"
#include "queue/reader.hpp"
#include "queue/verify.hpp"
#include "tests/support/job_factory.hpp"
#include "tests/support/places.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::State;

/// What tests/golden/make.sh leaves in each state.
const std::map<State, std::uint64_t> golden_states{{State::queued, 3}, {State::running, 1},
                                                   {State::held, 1},   {State::succeeded, 4},
                                                   {State::failed, 2}, {State::canceled, 1}};

AccountSetup account_named(const std::string& name) {
    AccountSetup setup = account(name, 5);
    setup.slots = {{"video", 5}, {"music", 5}, {"image", 5}, {"tts", 5}};
    return setup;
}

/// A queue on a copy of the golden directory, at the time at which that was left.
struct Golden {
    explicit Golden(std::uint64_t format) : store(copied(format)), core(store, {}, {}, random) {
        ask(Configure{{account_named("main"), account_named("spare")}});
    }

    StoreOptions copied(std::uint64_t format) const {
        const std::string from = source_path("tests/golden/format-" + std::to_string(format));
        std::filesystem::copy(from + "/db", directory.path("db"));
        StoreOptions options;
        options.path = directory.path("db");
        return options;
    }
    Answer ask(Command command) {
        return std::move(core.execute(std::span(&command, 1), now, random).answers.front());
    }
    std::vector<Work> claim() { return std::get<Claimed>(ask(Claim{9, 9, 9, 9}).body).work; }
    std::map<State, std::uint64_t> states() const {
        std::map<State, std::uint64_t> states;
        const Stats stats = CoreReader(core).stats();
        for (std::size_t state = 1; state < proto::state_count; ++state) {
            if (stats.by_state[state] != 0)
                states[static_cast<State>(state)] = stats.by_state[state];
        }
        return states;
    }

    TemporaryDirectory directory;
    Store store;
    Random random{1};
    Core core;
    proto::Instant now = core.now();
};

/// The report of a step that goes well.
Report good_report(const Work& work, proto::Instant now) {
    if (work.kind == WorkKind::submit) return DeliveredAtOnce{{}, "{}"};
    if (work.kind == WorkKind::poll) return Done{{}, "Success"};
    return FetchLater{now + proto::Duration(1'000), "nothing of the kind was expected"};
}

}  // namespace

TEST_CASE("a state directory of every format opens whole, and what it holds can be worked off") {
    for (std::uint64_t format = 1; format <= format_version; ++format) {
        CAPTURE(format);
        Golden golden(format);
        CHECK(verify(golden.store).broken.empty());
        CHECK(golden.states() == golden_states);
        CHECK_FALSE(CoreReader(golden.core).stats().setback);

        golden.ask(Pause{"spare", false, {}});
        golden.now += proto::Duration(2 * 3'600'000);
        for (int round = 0; round < 20; ++round) {
            for (const Work& work : golden.claim()) {
                golden.ask(Advance{work.record.seq, work.record.send, work.record.state,
                                   good_report(work, golden.now)});
            }
            golden.now += proto::Duration(1'000);
        }

        auto states = golden.states();
        CHECK(states[State::held] == 1);
        CHECK(states[State::queued] + states[State::running] + states[State::fetching] == 0);
        CHECK(verify(golden.store).broken.empty());
    }
}
