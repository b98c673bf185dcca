// How accounts stand at their upstream, and what one key with several of them shares.
#include <doctest/doctest.h>

#include <algorithm>

#include "queue/capacity.hpp"
#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using proto::Clearing;
using proto::Scope;
using queue::AccountSetup;
using queue::Capacity;
using queue::Demand;

constexpr proto::Instant start{proto::Duration(1'800'000'000'000)};

Demand video_demand() {
    return {"minimax", "minimax.video_v1", "MiniMax-Hailuo-02", {}, "video", proto::Kind::video};
}

Capacity with(std::vector<AccountSetup> accounts) {
    Capacity capacity;
    capacity.configure(accounts, start);
    return capacity;
}

std::string picked(const Capacity& capacity, const Demand& demand, proto::Instant now = start) {
    const AccountSetup* account = capacity.pick(demand, now);
    return account == nullptr ? "none" : account->name;
}

proto::QuarantineWish wish(Scope scope, Clearing clearing) {
    return {scope, clearing, std::nullopt, "the upstream said so"};
}

}  // namespace

TEST_CASE("accounts behind one key have slots of their own, and share what befalls the key") {
    AccountSetup one = account("one", 1);
    AccountSetup other = account("other", 1);
    one.key_group = "key/301";
    other.key_group = "key/302";
    Capacity capacity = with({one, other});

    capacity.take("one", "video");
    CHECK(picked(capacity, video_demand()) == "other");
    capacity.give("one", "video");
    capacity.quarantine("one", wish(Scope::account, Clearing::after_delay), video_demand(), start);
    CHECK(picked(capacity, video_demand()) == "other");
    capacity.quarantine("one", wish(Scope::key, Clearing::after_delay), video_demand(), start);
    CHECK(picked(capacity, video_demand()) == "none");

    CHECK(capacity.clear_delays("other", video_demand(), start + second) ==
          std::vector<std::string>{"one"});
    CHECK(picked(capacity, video_demand()) == "other");
    REQUIRE(capacity.state("one").quarantines.size() == 1);
    CHECK(capacity.state("one").quarantines[0].scope == Scope::account);
}

TEST_CASE("an account that is broken upstream takes nothing until it was seen to be well") {
    Capacity capacity = with({account("main", 2)});
    proto::AccountSight sight;
    sight.broken = "the session is gone";

    CHECK(capacity.see("main", sight));
    CHECK_FALSE(capacity.see("main", sight));

    CHECK(picked(capacity, video_demand()) == "none");
    const auto gate = capacity.withdrawn("main", video_demand(), start);
    REQUIRE(gate);
    CHECK(gate->name == "account_broken");
    CHECK(gate->detail == "account main: the session is gone");
    CHECK(capacity.views(start)[0].broken == "the session is gone");
    CHECK(capacity.see("main", {}));
    CHECK(picked(capacity, video_demand()) == "main");
    CHECK_FALSE(capacity.see("stranger", sight));
}

TEST_CASE("an account takes nothing once its login upstream has run out") {
    Capacity capacity = with({account("main", 2)});
    proto::AccountSight sight;
    sight.login_until = start + minute;
    capacity.see("main", sight);

    CHECK(picked(capacity, video_demand(), start) == "main");
    CHECK(picked(capacity, video_demand(), start + minute) == "none");
    CHECK(capacity.views(start)[0].login_until == start + minute);
}

TEST_CASE("slots are the upstream's where nobody has set them, and never more than was set") {
    AccountSetup free = account("free", 2);
    AccountSetup bound = account("bound", 2);
    bound.slots_wished = {"video"};
    Capacity capacity = with({free, bound});
    const auto limit = [&](std::size_t n) {
        const auto classes = capacity.views(start)[n].classes;
        return std::ranges::find(classes, "video", &queue::ClassUse::slot_class)->limit;
    };

    for (const char* const name : {"free", "bound"}) {
        proto::AccountSight sight;
        sight.slots["video"] = 5;
        capacity.see(name, sight);
    }
    CHECK(limit(1) == 5);
    CHECK(limit(0) == 2);
    for (const char* const name : {"free", "bound"}) {
        proto::AccountSight sight;
        sight.slots["video"] = 0;
        capacity.see(name, sight);
    }
    CHECK(limit(0) == 0);
    CHECK(picked(capacity, video_demand()) == "none");
}

TEST_CASE("what was seen of an account is forgotten when its key changes") {
    AccountSetup main = account("main", 2);
    Capacity capacity = with({main});
    proto::AccountSight sight;
    sight.broken = "the session is gone";
    capacity.see("main", sight);

    main.key_group = "another key";
    capacity.configure({main}, start);

    CHECK(picked(capacity, video_demand()) == "main");
}
