#include "queue/capacity.hpp"

#include <doctest/doctest.h>

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

Demand video_demand(const std::string& model = "MiniMax-Hailuo-02") {
    return {"minimax", "minimax.video_v1", model, {}, "video", proto::Kind::video};
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

proto::QuarantineWish wish(Scope scope, Clearing clearing,
                           std::optional<proto::Instant> until = std::nullopt) {
    return {scope, clearing, until, "the upstream said so"};
}

proto::Refusal refused(proto::FailureClass why, Scope scope = Scope::op) {
    return tests::refused_as(why, proto::OnCreate::not_created, scope).refusal;
}

std::optional<proto::Instant> opens_at(const Capacity& capacity, proto::Instant now) {
    const auto gates = capacity.gates(video_demand(), now);
    REQUIRE(gates.size() == 1);
    return gates[0].opens_at;
}

}  // namespace

TEST_CASE("an account takes jobs until its slots of that class are taken") {
    Capacity capacity = with({account("main", 2)});
    capacity.take("main", "video");
    CHECK(picked(capacity, video_demand()) == "main");

    capacity.take("main", "video");
    CHECK(picked(capacity, video_demand()) == "none");
    const auto gates = capacity.gates(video_demand(), start);
    REQUIRE(gates.size() == 1);
    CHECK(gates[0].name == "slot");
    CHECK(gates[0].account == "main");
    CHECK(gates[0].detail == "2 of 2 video slots of account main are taken");
    CHECK_FALSE(gates[0].opens_at);

    capacity.give("main", "video");
    CHECK(picked(capacity, video_demand()) == "main");
    CHECK(capacity.taken("main", "video") == 1);
}

TEST_CASE("a slot class that an account does not have has no room there") {
    const Capacity capacity = with({account("main")});
    Demand demand = video_demand();
    demand.slot_class = "agent";

    CHECK(picked(capacity, demand) == "none");
    CHECK(capacity.gates(demand, start)[0].detail ==
          "0 of 0 agent slots of account main are taken");
}

TEST_CASE("the account with most free slots by weight is picked") {
    std::vector<AccountSetup> accounts = {account("small", 2), account("big", 3)};
    Capacity capacity = with(accounts);
    CHECK(picked(capacity, video_demand()) == "big");
    capacity.take("big", "video");
    capacity.take("big", "video");
    CHECK(picked(capacity, video_demand()) == "small");

    accounts[1].weight = 5;
    capacity.configure(accounts, start);
    CHECK(picked(capacity, video_demand()) == "big");
}

TEST_CASE("a bound job goes to its own account only") {
    const Capacity capacity = with({account("big", 9), account("small", 1)});
    Demand demand = video_demand();
    demand.account = "small";
    CHECK(picked(capacity, demand) == "small");

    demand.account = "sold";
    CHECK(picked(capacity, demand) == "none");
    const auto gates = capacity.gates(demand, start);
    REQUIRE(gates.size() == 1);
    CHECK(gates[0].name == "account_missing");
    CHECK(gates[0].detail == "account sold is not in the configuration");
}

TEST_CASE("an account serves its provider, and the kinds it is for") {
    AccountSetup songs = account("songs");
    songs.kinds = {proto::Kind::music};
    const Capacity capacity = with({songs});

    CHECK(picked(capacity, video_demand()) == "none");
    CHECK(capacity.gates(video_demand(), start)[0].name == "account_missing");
    CHECK(capacity.gates(video_demand(), start)[0].detail ==
          "no account of provider minimax does this kind");
    Demand song = video_demand();
    song.kind = proto::Kind::music;
    song.slot_class = "music";
    CHECK(picked(capacity, song) == "songs");
    song.provider = "useapi";
    CHECK(picked(capacity, song) == "none");
}

TEST_CASE("requests a minute start from an empty bucket and hold in every minute") {
    AccountSetup limited = account("main", 1'000);
    limited.rpm = {{"video", 30}};
    Capacity capacity = with({limited});

    CHECK(picked(capacity, video_demand()) == "none");
    const auto gates = capacity.gates(video_demand(), start);
    CHECK(gates[0].name == "rate");
    CHECK(gates[0].detail == "30 video requests a minute are allowed at account main");
    REQUIRE(gates[0].opens_at);
    CHECK(capacity.next_opening(start) == *gates[0].opens_at);

    int sent = 0;
    for (proto::Instant now = start; now < start + minute; now += proto::Duration(100)) {
        if (const AccountSetup* account = capacity.pick(video_demand(), now)) {
            capacity.sent_there(*account, video_demand(), now);
            ++sent;
        }
    }
    CHECK(sent >= 28);
    CHECK(sent <= 30);
}

TEST_CASE("an idle account saves up no more than a second's worth of requests") {
    AccountSetup limited = account("main", 1'000);
    limited.rpm = {{"video", 120}};
    Capacity capacity = with({limited});
    const proto::Instant later = start + hour;

    int at_once = 0;
    while (const AccountSetup* account = capacity.pick(video_demand(), later)) {
        capacity.sent_there(*account, video_demand(), later);
        ++at_once;
    }

    CHECK(at_once == 2);
}

TEST_CASE("no limit on requests is no gate") {
    Capacity capacity = with({account("main")});
    const AccountSetup* account = capacity.pick(video_demand(), start);
    REQUIRE(account != nullptr);
    capacity.sent_there(*account, video_demand(), start);

    CHECK(picked(capacity, video_demand()) == "main");
}

TEST_CASE("requests a minute may be limited by op and model too, and each limit counts") {
    AccountSetup limited = account("main", 1'000);
    limited.rpm = {{"video", 600}, {"video/T2V-01", 60}, {"minimax.video_v2", 60}};
    Capacity capacity = with({limited});
    const AccountSetup& main = *capacity.find("main");
    const Demand slow = video_demand("T2V-01");
    Demand other_op = video_demand();
    other_op.op = "minimax.video_v2";
    const proto::Instant now = start + minute;
    const auto open = [&] {
        return picked(capacity, slow, now) + " " + picked(capacity, video_demand(), now) + " " +
               picked(capacity, other_op, now);
    };
    CHECK(open() == "main main main");

    capacity.sent_there(main, slow, now);
    CHECK(open() == "none main main");
    const auto gates = capacity.gates(slow, now);
    REQUIRE(gates.size() == 1);
    CHECK(gates[0].detail == "60 video/T2V-01 requests a minute are allowed at account main");
    CHECK(capacity.next_opening(now) == gates[0].opens_at);
    capacity.sent_there(main, other_op, now);
    CHECK(open() == "none main none");
}

TEST_CASE("queries have a limit of their own") {
    AccountSetup limited = account("main");
    limited.rpm = {{"queries/minimax.t2a_async_v2", 60}};
    Capacity capacity = with({limited});
    const proto::Instant now = start + minute;

    CHECK_FALSE(capacity.ask_later("main", "minimax.t2a_async_v2", now));
    CHECK(capacity.ask_later("main", "minimax.t2a_async_v2", now) ==
          now + second + proto::Duration(1));
    CHECK_FALSE(capacity.ask_later("main", "minimax.video_v1", now));
    CHECK_FALSE(capacity.ask_later("gone", "minimax.t2a_async_v2", now));
    CHECK(picked(capacity, video_demand(), now) == "main");
}

TEST_CASE("all that is in the way at each account is told, and what they share once") {
    AccountSetup one = account("one", 1);
    AccountSetup other = account("other", 1);
    Capacity capacity = with({one, other});
    capacity.budgets().configure({{proto::Unit::usd, 0}});
    Demand demand = video_demand();
    demand.cost = 100;
    capacity.pause("one", true, "lunch");
    capacity.quarantine("one", wish(Scope::model, Clearing::person), demand, start);
    capacity.quarantine("one", wish(Scope::op, Clearing::probe), demand, start);
    capacity.take("other", "video");

    std::string told;
    for (const queue::Gate& gate : capacity.gates(demand, start))
        told += gate.account + " " + gate.name + (gate.opens_at ? " for a while, " : ", ");
    CHECK(told == "one pause, one quarantine, one quarantine for a while,  budget, other slot, ");
    CHECK(capacity.gates(demand, start)[1].detail ==
          "the upstream said so; until its key changes, or `genspool resume one`");
}

TEST_CASE("accounts with equal keys share slots, requests and quarantine") {
    AccountSetup one = account("one", 2);
    AccountSetup other = account("other", 2);
    one.key_group = other.key_group = "the same";
    one.rpm = other.rpm = {{"video", 60}};
    Capacity capacity = with({one, other});
    const proto::Instant later = start + minute;

    capacity.sent_there(one, video_demand(), later);
    CHECK(picked(capacity, video_demand(), later) == "none");
    const proto::Instant much_later = later + minute;
    capacity.take("one", "video");
    capacity.take("other", "video");
    CHECK(picked(capacity, video_demand(), much_later) == "none");
    capacity.give("one", "video");
    CHECK(picked(capacity, video_demand(), much_later) == "one");
    capacity.quarantine("other", wish(Scope::account, Clearing::person), video_demand(),
                        much_later);
    CHECK(picked(capacity, video_demand(), much_later) == "none");
}

TEST_CASE("an account that was renamed still counts the slots its old name has taken") {
    AccountSetup before = account("before", 2);
    Capacity capacity = with({before});
    capacity.take("before", "video");
    capacity.take("before", "video");
    AccountSetup after = before;
    after.name = "after";
    capacity.configure({after}, start);

    CHECK(picked(capacity, video_demand()) == "none");
    capacity.give("before", "video");
    CHECK(picked(capacity, video_demand()) == "after");
}

TEST_CASE("a quarantine reaches as far as its scope") {
    Demand other_model = video_demand("T2V-01");
    Demand other_op = video_demand();
    other_op.op = "minimax.video_v2";
    const auto closed = [&](Scope scope) {
        Capacity capacity = with({account("main")});
        capacity.quarantine("main", wish(scope, Clearing::person), video_demand(), start);
        return picked(capacity, video_demand()) + " " + picked(capacity, other_model) + " " +
               picked(capacity, other_op);
    };

    CHECK(closed(Scope::model) == "none main none");
    CHECK(closed(Scope::op) == "none none main");
    CHECK(closed(Scope::account) == "none none none");
    CHECK(closed(Scope::key) == "none none none");
}

TEST_CASE("what names no model is closed by its op, and takes no other such op with it") {
    Capacity capacity = with({account("main")});
    Demand other_op = video_demand("");
    other_op.op = "minimax.lyrics";
    capacity.quarantine("main", wish(Scope::model, Clearing::person), video_demand(""), start);
    CHECK(picked(capacity, video_demand("")) == "none");
    CHECK(picked(capacity, other_op) == "main");
}

TEST_CASE("a quarantine ends when its clearing says") {
    const auto end = [](Clearing clearing, std::optional<proto::Instant> until = std::nullopt) {
        Capacity capacity = with({account("main")});
        capacity.quarantine("main", wish(Scope::account, clearing, until), video_demand(), start);
        return opens_at(capacity, start);
    };

    CHECK(end(Clearing::after_delay) == start + 2 * second);
    CHECK(end(Clearing::at_time, start + hour) == start + hour);
    CHECK(end(Clearing::next_window) == start + 5 * hour);
    CHECK(end(Clearing::probe) == start + 5 * minute);
    CHECK_FALSE(end(Clearing::person).has_value());
}

TEST_CASE("where a probe is to tell, one job goes at a time until one is taken") {
    Capacity capacity = with({account("main", 10)});
    capacity.quarantine("main", wish(Scope::account, Clearing::probe), video_demand(), start);
    const AccountSetup& main = *capacity.find("main");
    const proto::Instant over = start + 5 * minute;
    CHECK(picked(capacity, video_demand(), over) == "main");

    capacity.sent_there(main, video_demand(), over);
    CHECK(picked(capacity, video_demand(), over) == "none");
    CHECK(capacity.next_opening(over) == over + 5 * minute);
    // The one that went is not in its own way.
    CHECK_FALSE(capacity.withdrawn("main", video_demand(), over));

    SUBCASE("it is taken") {
        CHECK_FALSE(capacity.clear_delays("main", video_demand(), over).empty());
        CHECK(picked(capacity, video_demand(), over) == "main");
    }
    SUBCASE("it is refused") {
        capacity.quarantine("main", wish(Scope::account, Clearing::probe), video_demand(),
                            over + second);
        CHECK(opens_at(capacity, over + second) == over + second + 5 * minute);
    }
    SUBCASE("nothing is heard of it") {
        CHECK(picked(capacity, video_demand(), over + 5 * minute) == "main");
    }
}

TEST_CASE("what one account's success or resumption ends, it ends for all with its key") {
    AccountSetup one = account("one");
    AccountSetup other = account("other");
    one.key_group = other.key_group = "the same";
    Capacity capacity = with({one, other, account("third")});
    for (const char* const name : {"one", "third"})
        capacity.quarantine(name, wish(Scope::account, Clearing::probe), video_demand(), start);
    Demand bound = video_demand();
    bound.account = "other";
    CHECK(picked(capacity, bound) == "none");

    SUBCASE("a success") {
        CHECK(capacity.clear_delays("other", video_demand(), start + second) ==
              std::vector<std::string>{"one"});
    }
    SUBCASE("a person") {
        CHECK(capacity.pause("other", false, {}) == std::vector<std::string>{"one", "other"});
    }

    CHECK(picked(capacity, bound) == "other");
    bound.account = "third";
    CHECK(picked(capacity, bound) == "none");
}

TEST_CASE("a moment that has passed already slows down all the same") {
    Capacity capacity = with({account("main")});
    capacity.quarantine("main", wish(Scope::account, Clearing::after_delay, start), video_demand(),
                        start);

    CHECK(picked(capacity, video_demand()) == "none");
    CHECK(opens_at(capacity, start) == start + 2 * second);
}

TEST_CASE("a delay doubles while it recurs, up to five minutes, and not by answers under way") {
    Capacity capacity = with({account("main")});
    const auto refused = wish(Scope::account, Clearing::after_delay);
    proto::Instant now = start;
    std::vector<std::int64_t> seconds;
    for (int time = 0; time < 10; ++time) {
        capacity.quarantine("main", refused, video_demand(), now);
        capacity.quarantine("main", refused, video_demand(), now);
        const auto until = opens_at(capacity, now);
        REQUIRE(until);
        seconds.push_back((*until - now) / second);
        now = *until;
    }

    CHECK(seconds == std::vector<std::int64_t>{2, 4, 8, 16, 32, 64, 128, 256, 300, 300});
}

TEST_CASE("a success ends what slowed the account down before it was sent") {
    Capacity capacity = with({account("main")});
    const auto refused = wish(Scope::account, Clearing::after_delay);
    capacity.quarantine("main", refused, video_demand(), start);
    CHECK(capacity.clear_delays("main", video_demand(), start - second).empty());
    CHECK(picked(capacity, video_demand()) == "none");

    const proto::Instant later = start + 2 * second;
    CHECK_FALSE(capacity.clear_delays("main", video_demand(), later).empty());
    capacity.quarantine("main", refused, video_demand(), later);

    CHECK(opens_at(capacity, later) == later + 2 * second);
}

TEST_CASE("a success of another model leaves a model's quarantine alone") {
    Capacity capacity = with({account("main")});
    capacity.quarantine("main", wish(Scope::model, Clearing::person), video_demand(), start);

    CHECK(capacity.clear_delays("main", video_demand("T2V-01"), start + second).empty());
    CHECK(picked(capacity, video_demand(), start + second) == "none");
}

TEST_CASE("a changed key ends the quarantines and is remembered") {
    AccountSetup main = account("main");
    Capacity capacity = with({main});
    capacity.quarantine("main", wish(Scope::key, Clearing::person), video_demand(), start);
    CHECK(capacity.configure({main}, start + second).empty());
    CHECK(picked(capacity, video_demand()) == "none");

    main.key_group = "another key";
    CHECK(capacity.configure({main}, start + second) == std::vector<std::string>{"main"});

    CHECK(picked(capacity, video_demand()) == "main");
    CHECK(capacity.state("main").key_changed_at == start + second);
}

TEST_CASE("an upstream's purchases are those of all who have its key, had it, or may have had it") {
    using Names = std::vector<std::string>;
    AccountSetup main = account("main");
    AccountSetup twin = account("twin");
    twin.key_group = main.key_group;
    const AccountSetup other = account("other");
    Capacity capacity = with({main, twin, other});
    CHECK(capacity.same_upstream("main", start) == Names{"main", "twin"});

    twin.key_group = "another key";
    capacity.configure({main, twin, other}, start + minute);
    CHECK(capacity.same_upstream("main", start) == Names{"main", "twin"});
    CHECK(capacity.same_upstream("main", start + hour) == Names{"main"});

    capacity.configure({main}, start + minute);
    CHECK(capacity.same_upstream("main", start + hour) == Names{"main", "other", "twin"});
}

TEST_CASE("a paused account takes nothing until it is resumed, which ends its quarantines") {
    Capacity capacity = with({account("main")});
    capacity.quarantine("main", wish(Scope::account, Clearing::person), video_demand(), start);
    capacity.pause("main", true, "maintenance");
    const auto gates = capacity.gates(video_demand(), start);
    REQUIRE(gates.size() == 2);
    CHECK(gates[0].name == "pause");
    CHECK(gates[0].detail == "maintenance");

    capacity.pause("main", false, {});

    CHECK(picked(capacity, video_demand()) == "main");
    CHECK(capacity.gates(video_demand(), start).empty());
}

TEST_CASE("an account gone from the configuration is still shown with its slots") {
    Capacity capacity = with({account("main"), account("old")});
    capacity.take("old", "video");
    capacity.configure({account("main")}, start);

    const auto views = capacity.views(start);

    REQUIRE(views.size() == 2);
    CHECK(views[0].name == "main");
    CHECK(views[0].configured);
    CHECK(views[1].name == "old");
    CHECK_FALSE(views[1].configured);
    REQUIRE(views[1].classes.size() == 1);
    CHECK(views[1].classes[0].taken == 1);
    CHECK(views[1].classes[0].limit == 0);
}

TEST_CASE("the next opening is the earliest end of a quarantine or refill of a bucket") {
    Capacity capacity = with({account("main"), account("spare")});
    CHECK(capacity.next_opening(start) == proto::never);

    capacity.quarantine("main", wish(Scope::account, Clearing::at_time, start + hour),
                        video_demand(), start);
    capacity.quarantine("spare", wish(Scope::model, Clearing::at_time, start + minute),
                        video_demand(), start);

    CHECK(capacity.next_opening(start) == start + minute);
    CHECK(capacity.next_opening(start + minute) == start + hour);
    CHECK(capacity.next_opening(start + hour) == proto::never);
}

TEST_CASE("a state from before the start is taken over") {
    Capacity before = with({account("main")});
    before.quarantine("main", wish(Scope::account, Clearing::person), video_demand(), start);

    Capacity after;
    after.restore("main", before.state("main"));
    CHECK(after.configure({account("main")}, start).empty());

    CHECK(picked(after, video_demand()) == "none");
}

TEST_CASE("what is too much at once is not tried again for a while, then one more each minute") {
    Capacity capacity = with({account("main", 5)});
    for (int taken = 0; taken < 3; ++taken)
        capacity.take("main", "video");
    capacity.throttle("main", refused(proto::FailureClass::no_capacity), video_demand(), start,
                      start);
    CHECK(picked(capacity, video_demand()) == "none");
    const auto gates = capacity.gates(video_demand(), start);
    REQUIRE(gates.size() == 1);
    CHECK(gates[0].detail ==
          "3 of 2 video slots of account main are taken (5 are configured, but the upstream took "
          "no more)");
    CHECK(gates[0].opens_at == start + 2 * minute);  // a place beside those three
    CHECK(capacity.next_opening(start) == start + minute);

    capacity.give("main", "video");
    CHECK(picked(capacity, video_demand()) == "none");
    capacity.give("main", "video");
    CHECK(picked(capacity, video_demand()) == "main");
    capacity.take("main", "video");
    CHECK(picked(capacity, video_demand(), start + minute) == "main");
    CHECK(capacity.views(start + minute).at(0).classes.at(1).limit_now == 3);
    CHECK(capacity.views(start + 3 * minute).at(0).classes.at(1).limit_now == 5);
    CHECK(capacity.views(start + hour).at(0).classes.at(1).limit_now == 5);
}

TEST_CASE("of nothing under way one at a time is tried") {
    Capacity capacity = with({account("main", 5)});
    capacity.take("main", "video");
    capacity.throttle("main", refused(proto::FailureClass::no_capacity), video_demand(), start,
                      start);
    capacity.give("main", "video");
    CHECK(picked(capacity, video_demand()) == "main");
    capacity.take("main", "video");
    CHECK(picked(capacity, video_demand()) == "none");
}

TEST_CASE("a rate that is too fast is halved, and doubles again in time") {
    AccountSetup setup = account("main", 50);
    setup.rpm = {{"video", 60}};
    Capacity capacity = with({setup});
    const auto rpm = [&](proto::Instant now) {
        return capacity.views(now).at(0).classes.at(1).rpm_now;
    };
    capacity.throttle("main", refused(proto::FailureClass::rate_limited), video_demand(), start,
                      start);
    CHECK(rpm(start) == 30);
    // Others were on their way already.
    capacity.throttle("main", refused(proto::FailureClass::rate_limited), video_demand(), start,
                      start + minute);
    CHECK(rpm(start + minute) == 30);
    capacity.throttle("main", refused(proto::FailureClass::rate_limited), video_demand(),
                      start + minute, start + minute);
    CHECK(rpm(start + minute) == 15);
    CHECK(rpm(start + 6 * minute) == 30);
    CHECK(rpm(start + 11 * minute) == 60);
}

TEST_CASE("where no rate is configured, one that was too fast begins slowly") {
    Capacity capacity = with({account("main", 50)});
    CHECK(picked(capacity, video_demand()) == "main");
    capacity.throttle("main", refused(proto::FailureClass::rate_limited), video_demand(), start,
                      start);
    CHECK(picked(capacity, video_demand()) == "none");
    CHECK(capacity.gates(video_demand(), start).at(0).name == "rate");
    CHECK(capacity.next_opening(start) == start + 2 * tests::second + proto::Duration(1));
    CHECK(picked(capacity, video_demand(), start + 3 * tests::second) == "main");
    CHECK(capacity.views(start + hour).at(0).classes.at(1).rpm_now == 0);
}

TEST_CASE("accounts with the same key share what the upstream took no more of; a person ends it") {
    AccountSetup twin = account("twin", 5);
    twin.key_group = "key of main";
    Capacity capacity = with({account("main", 5), twin});
    capacity.take("main", "video");
    capacity.throttle("main", refused(proto::FailureClass::no_capacity), video_demand(), start,
                      start);
    CHECK(picked(capacity, video_demand()) == "none");
    capacity.pause("twin", false, {});
    CHECK(picked(capacity, video_demand()) != "none");
}

TEST_CASE("a model that is asked for too fast slows down no other") {
    AccountSetup limited = account("main", 1'000);
    limited.rpm = {{"video", 600}};
    Capacity capacity = with({limited});
    const proto::Instant now = start + minute;
    const AccountSetup& main = *capacity.find("main");
    capacity.throttle("main", refused(proto::FailureClass::rate_limited, Scope::model),
                      video_demand(), start, now);

    CHECK(picked(capacity, video_demand(), now) == "none");
    CHECK(picked(capacity, video_demand("T2V-01"), now) == "main");
    const proto::Instant later = capacity.next_opening(now);
    REQUIRE(later < now + minute);
    CHECK(picked(capacity, video_demand(), later) == "main");
    capacity.sent_there(main, video_demand(), later);
    CHECK(picked(capacity, video_demand(), later) == "none");
}
