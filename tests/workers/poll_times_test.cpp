#include "workers/poll_times.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <set>

using namespace genspool;
using namespace std::chrono_literals;
using proto::Duration;
using proto::Instant;

namespace {

const proto::PollSchedule schedule{.first = 15s, .min = 10s, .max = 60s};
const Instant sent{1'000'000s};

bool near(Duration actual, Duration wanted) {
    return actual >= wanted - wanted / 10 && actual <= wanted + wanted / 10;
}

}  // namespace

TEST_CASE("the first poll comes when the op says, give or take a tenth") {
    queue::Random random(1);
    bool differ = false;
    const Instant once = workers::first_poll(schedule, {}, sent, random);
    for (int i = 0; i < 100; ++i) {
        const Instant at = workers::first_poll(schedule, {}, sent, random);
        CHECK(near(at - sent, 15s));
        differ = differ || at != once;
    }
    CHECK(differ);
}

TEST_CASE("of many tasks some are asked for at one moment") {
    queue::Random random(1);
    std::set<Instant> moments;
    for (int task = 0; task < 1'000; ++task)
        moments.insert(workers::next_poll(schedule, {}, sent, false, sent + 1h, random));
    CHECK(moments.size() > 20);
    CHECK(moments.size() <= 41);  // twelve seconds, a moment each 300 ms
}

TEST_CASE("polls grow apart up to the op's bound") {
    queue::Random random(1);
    Duration last{0};
    for (const Duration passed : {Duration(15s), Duration(40s), Duration(80s), Duration(400s)}) {
        const Instant now = sent + passed;
        const Duration span = workers::next_poll(schedule, {}, sent, false, now, random) - now;
        CHECK(span >= last * 8 / 10);
        CHECK(span <= 66s);
        last = span;
    }
    CHECK(near(last, 60s));
}

TEST_CASE("an account's bounds hold over the op's schedule") {
    queue::Random random(1);
    workers::PollBounds fast;
    fast.max = 20ms;
    CHECK(near(workers::first_poll(schedule, fast, sent, random) - sent, 20ms));
    const Instant now = sent + 1h;
    CHECK(near(workers::next_poll(schedule, fast, sent, false, now, random) - now, 20ms));

    workers::PollBounds slow;
    slow.min = 100s;
    CHECK(near(workers::first_poll(schedule, slow, sent, random) - sent, 100s));
}

TEST_CASE("an overdue task is asked for slowly") {
    queue::Random random(1);
    const Instant now = sent + 2h;
    CHECK(near(workers::next_poll(schedule, {}, sent, true, now, random) - now,
               workers::overdue_poll));
}

TEST_CASE("a clock that went back does not make polls wild") {
    queue::Random random(1);
    const Instant now = sent - 1h;
    CHECK(near(workers::next_poll(schedule, {}, sent, false, now, random) - now, 10s));
}

TEST_CASE("fetching is tried again later and later, within ten minutes") {
    queue::Random random(1);
    CHECK(workers::next_fetch(0, sent, random) - sent <= 5s);
    for (const std::uint32_t troubles : {1U, 5U, 50U, 4'000'000U}) {
        const Duration span = workers::next_fetch(troubles, sent, random) - sent;
        CHECK(span >= 5s);
        CHECK(span <= 10min);
    }
}
