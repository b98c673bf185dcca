// How accounts stand at their upstream, seen by the engine on a simulated clock.
#include "workers/account_watch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

#include "proto/minimax/provider.hpp"
#include "tests/workers/engine_world.hpp"

using namespace genspool;
using namespace genspool::tests;
using namespace std::chrono_literals;
using proto::Kind;
using proto::State;

namespace {

/// The real one, with two calls that tell how an account stands: as `sight` says.
class Telling : public proto::minimax::MinimaxProvider {
public:
    std::vector<proto::Call> looks() const override {
        proto::Call account;
        account.target = "/account";
        proto::Call plan;
        plan.target = "/plan";
        return {account, plan};
    }
    bool read_look(std::size_t n, const proto::Reply&, proto::AccountSight& seen) const override {
        ++(n == 0 ? first : second);
        if (n == silent) return false;
        if (n == 0) {
            seen.broken = sight.broken;
            seen.login_until = sight.login_until;
        } else {
            seen.slots = sight.slots;
        }
        return true;
    }

    proto::AccountSight sight;
    std::optional<std::size_t> silent;  ///< the look that tells nothing of the account
    mutable int first = 0;
    mutable int second = 0;
};

EngineWorldOptions told_by(const Telling& provider) {
    EngineWorldOptions options;
    options.provider = &provider;
    return options;
}

std::size_t lines(const EngineWorld& world, const std::string& event) {
    const auto& log = world.log();
    return static_cast<std::size_t>(std::count_if(log.begin(), log.end(), [&](const auto& line) {
        return line.find("event=" + event) != std::string::npos;
    }));
}

}  // namespace

TEST_CASE("an account is looked at at once and every five minutes") {
    const Telling provider;
    EngineWorld world(told_by(provider));
    world.run_for(1s);
    CHECK(provider.first == 1);
    CHECK(provider.second == 1);
    world.run_for(15min);
    CHECK(provider.first == 4);
    world.configure();
    world.run_for(1s);
    CHECK(provider.first == 5);
}

TEST_CASE("an account that was broken stays so while one of the looks at it tells nothing") {
    Telling provider;
    provider.sight.broken = "log in again";
    EngineWorld world(told_by(provider));
    world.run_for(1s);
    const auto job = world.admit(Kind::music, EngineWorld::request(Kind::music, "job"));
    provider.sight.broken.clear();
    for (const std::size_t look : {0, 1}) {
        provider.silent = look;
        world.run_for(30min);
        CHECK(world.state(job) == State::queued);
    }
    CHECK(world.bought("job") == 0);
    provider.silent.reset();
    CHECK(world.run_until_state(job, State::succeeded, 30min));
}

TEST_CASE("of an account that is well nothing changes while one of the looks tells nothing") {
    Telling provider;
    provider.sight.slots["music"] = 0;
    EngineWorld world(told_by(provider));
    world.run_for(1s);
    const auto job = world.admit(Kind::music, EngineWorld::request(Kind::music, "job"));
    provider.sight.slots.clear();
    for (const std::size_t look : {0, 1}) {
        provider.silent = look;
        world.run_for(30min);
        CHECK(world.state(job) == State::queued);
    }
    provider.silent.reset();
    CHECK(world.run_until_state(job, State::succeeded, 30min));
}

TEST_CASE("that an account is broken is told though the next look tells nothing") {
    Telling provider;
    EngineWorld world(told_by(provider));
    world.run_for(1s);
    provider.sight.broken = "there is no such account";
    provider.silent = 1;
    world.run_for(6min);
    CHECK(world.account("main").broken == "there is no such account");
}

TEST_CASE("nothing is bought at an account that is broken, until it was mended") {
    Telling provider;
    provider.sight.broken = "log in again";
    EngineWorld world(told_by(provider));
    world.run_for(1s);
    const auto job = world.admit(Kind::music, EngineWorld::request(Kind::music, "job"));
    world.run_for(30min);
    CHECK(world.state(job) == State::queued);
    CHECK(world.bought("job") == 0);
    CHECK(lines(world, "account_broken") == 1);

    provider.sight.broken.clear();

    CHECK(world.run_until_state(job, State::succeeded, 10min));
}

TEST_CASE("that a login ends is said once, three days before") {
    Telling provider;
    EngineWorld world(told_by(provider));
    provider.sight.login_until = world.now() + 73h;
    world.run_for(50min);
    CHECK(lines(world, "login_ends") == 0);
    world.run_for(1h);
    CHECK(lines(world, "login_ends") == 1);
}

TEST_CASE("the upstream's word of its slots counts") {
    Telling provider;
    provider.sight.slots["music"] = 1;
    EngineWorld world(told_by(provider));
    world.run_for(1s);
    for (const char* const name : {"one", "two"})
        world.admit(Kind::music, EngineWorld::request(Kind::music, name, "[[slow:60]]"));
    world.run_for(30s);
    CHECK(world.account("main").classes.size() > 1);
    CHECK(world.bought("one") + world.bought("two") == 1);
    CHECK(world.run_until([&] { return world.bought("two") == 1; }, 10min));
}
