#include "workers/poll_times.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <set>

using namespace genspool;
using namespace std::chrono_literals;
using proto::CompletionTimes;
using proto::Duration;
using proto::Instant;
using workers::PollRules;

namespace {

const PollRules unknown{{.first = 15s, .min = 10s, .max = 60s, .floor = 3s}, {}, nullptr};
const Instant sent{1'000'000s};

bool near(Duration actual, Duration wanted) {
    return actual >= wanted - wanted / 10 && actual <= wanted + wanted / 10;
}

/// One of 32 took 60 s, one 61 s, …
PollRules usual() {
    PollRules rules = unknown;
    std::vector<Duration> took;
    for (int n = 0; n < 32; ++n)
        took.emplace_back(std::chrono::seconds(60 + n));
    rules.times = std::make_shared<const CompletionTimes>(std::move(took));
    return rules;
}

Duration pause_after(const PollRules& rules, Duration so_far, bool shared = false) {
    queue::Random random(1);
    const Instant now = sent + so_far;
    return workers::next_poll(rules, sent, shared, now, random) - now;
}

}  // namespace

TEST_CASE("the first poll comes when the op says, give or take a tenth") {
    queue::Random random(1);
    bool differ = false;
    const Instant once = workers::first_poll(unknown, sent, random);
    for (int i = 0; i < 100; ++i) {
        const Instant at = workers::first_poll(unknown, sent, random);
        CHECK(near(at - sent, 15s));
        differ = differ || at != once;
    }
    CHECK(differ);
}

TEST_CASE("of many tasks some are asked for at one moment") {
    queue::Random random(1);
    std::set<Instant> moments;
    for (int task = 0; task < 1'000; ++task)
        moments.insert(workers::next_poll(unknown, sent, false, sent + 1h, random));
    CHECK(moments.size() > 20);
    CHECK(moments.size() <= 41);  // twelve seconds, a moment each 300 ms
}

TEST_CASE("polls grow apart up to the op's bound") {
    Duration last{0};
    for (const Duration passed : {Duration(15s), Duration(40s), Duration(80s), Duration(400s)}) {
        const Duration span = pause_after(unknown, passed);
        CHECK(span >= last * 8 / 10);
        CHECK(span <= 66s);
        last = span;
    }
    CHECK(near(last, 60s));
}

TEST_CASE("an account's bounds hold over every schedule") {
    queue::Random random(1);
    PollRules fast = unknown;
    PollRules slow = unknown;
    SUBCASE("the op's") {}
    SUBCASE("what was learned") {
        fast = usual();
        slow = usual();
    }
    SUBCASE("what is asked for together") {
        fast.together = true;
        slow.together = true;
    }
    fast.bounds.max = 20ms;
    CHECK(near(workers::first_poll(fast, sent, random) - sent, 20ms));
    CHECK(near(pause_after(fast, 1h), 20ms));
    CHECK(near(pause_after(fast, 70s, true), 20ms));

    slow.bounds.min = 100s;
    CHECK(near(workers::first_poll(slow, sent, random) - sent, 100s));
    CHECK(near(pause_after(slow, 70s, true), 100s));
}

TEST_CASE("an overdue task is asked for slowly") {
    queue::Random random(1);
    const Instant now = sent + 2h;
    CHECK(near(workers::next_slow_poll(usual(), now, random) - now, workers::overdue_poll));
}

TEST_CASE("a clock that went back does not make polls wild") {
    CHECK(near(pause_after(unknown, -1h), 10s));
    CHECK(near(pause_after(usual(), -1h), 67s));
}

TEST_CASE("where it is known how long tasks take, none is asked for before it is worth a call") {
    queue::Random random(1);
    CHECK(near(workers::first_poll(usual(), sent, random) - sent, 67s));
    CHECK(near(pause_after(usual(), 30s), 37s));
    CHECK(near(pause_after(usual(), 62s), 7'600ms));
}

TEST_CASE("most ends are met by polls close together, and what takes longest by ever fewer") {
    CHECK(near(pause_after(usual(), 70s), 6'500ms));
    CHECK(near(pause_after(usual(), 87s), 3'150ms));
    CHECK(near(pause_after(usual(), 98s), 8s));
    CHECK(near(pause_after(usual(), 10min), 60s));

    PollRules wide = unknown;
    std::vector<Duration> took;
    for (int n = 0; n < 50; ++n)
        took.emplace_back(std::chrono::seconds(100 + 10 * n));
    wide.times = std::make_shared<const CompletionTimes>(std::move(took));
    CHECK(near(pause_after(wide, 200s), 60s));
    CHECK(near(pause_after(wide, 500s), 35s));
    CHECK(near(pause_after(wide, 200s, true), 3s));
}

TEST_CASE("the last few tasks bring the next poll forward, and never put it off") {
    std::vector<Duration> took(60, 60s);
    took.insert(took.end(), 4, 30s);
    PollRules faster = unknown;
    faster.times = std::make_shared<const CompletionTimes>(took);
    CHECK(near(pause_after(faster, 0s), 31s));
    std::fill(took.end() - 4, took.end(), 90s);
    PollRules slower = unknown;
    slower.times = std::make_shared<const CompletionTimes>(std::move(took));
    CHECK(near(pause_after(slower, 0s), 61s));
}

TEST_CASE("a poll that serves many comes sooner, whatever is known") {
    CHECK(near(pause_after(unknown, 80s, true), 5s));
    CHECK(near(pause_after(unknown, 10s, true), 3s));
    CHECK(near(pause_after(unknown, 1h, true), 60s));
}

TEST_CASE("a few tasks change nothing yet") {
    PollRules few = unknown;
    few.times = std::make_shared<const CompletionTimes>(std::vector<Duration>(9, 60s));
    CHECK(near(pause_after(few, 40s), 20s));
}

TEST_CASE("tasks that are asked for together meet, however far apart they were sent") {
    PollRules rules = usual();
    rules.together = true;
    queue::Random random(1);
    std::set<Instant> moments;
    for (int n = 0; n < 100; ++n)
        moments.insert(workers::first_poll(rules, sent + n * 100ms, random));
    CHECK(moments.size() <= 5);                    // ten seconds
    const Instant now = *moments.begin() + 900ms;  // its answer took so long
    CHECK(workers::next_poll(rules, now - 70s, true, now, random) == *moments.begin() + 3s);
}

namespace {

/// Most between 60 and 90 s, some shorter and some longer.
Duration drawn(queue::Random& random) {
    double sum = 0;
    for (int n = 0; n < 12; ++n)
        sum += static_cast<double>(random.below(1'000'000)) / 1e6;
    return Duration(static_cast<std::int64_t>(73'485 * std::exp(0.1034 * (sum - 6))));
}

struct Measured {
    double polls = 0;  ///< of one task
    double delay_seconds = 0;
};

/// What becomes of one task, polled singly at these times.
struct Course {
    int polls = 0;
    Duration at_work{0};  ///< last seen so
    Duration done{0};     ///< seen so
};

Course watch(const PollRules& rules, Duration took, queue::Random& random) {
    Course course;
    while (course.done < took) {
        course.at_work = course.done;
        const Instant now = sent + course.at_work;
        const Instant next = course.polls == 0
                                 ? workers::first_poll(rules, now, random)
                                 : workers::next_poll(rules, sent, false, now, random);
        course.done = next - sent;
        ++course.polls;
    }
    return course;
}

/// Tasks one after the other, of which is learned what a queue learns.
class Learning {
public:
    Learning() {
        std::vector<Duration> took;
        for (std::size_t n = 0; n < CompletionTimes::kept_max; ++n)
            took.push_back(drawn(random_));
        rules_.times = std::make_shared<const CompletionTimes>(std::move(took));
    }

    /// `speed`: how many times faster they are than what was learned at first.
    Measured measure(int tasks, int speed = 1) {
        Measured sum;
        for (int task = 0; task < tasks; ++task) {
            const Duration took = drawn(random_) / speed;
            const Course course = watch(rules_, took, random_);
            sum.polls += course.polls;
            sum.delay_seconds += std::chrono::duration<double>(course.done - took).count();
            const Duration likely =
                std::max((course.at_work + course.done) / 2, course.done * 19 / 20);
            rules_.times = std::make_shared<const CompletionTimes>(rules_.times->with(likely));
        }
        return {sum.polls / tasks, sum.delay_seconds / tasks};
    }

private:
    queue::Random random_{7};
    PollRules rules_ = unknown;
};

Measured each_five_seconds(int tasks) {
    queue::Random random(7);
    Measured sum;
    for (int task = 0; task < tasks; ++task) {
        const Duration took = drawn(random);
        const auto polls = (took.count() + 4'999) / 5'000;
        sum.polls += static_cast<double>(polls);
        sum.delay_seconds += std::chrono::duration<double>(polls * 5s - took).count();
    }
    return {sum.polls / tasks, sum.delay_seconds / tasks};
}

}  // namespace

TEST_CASE("single polls that follow what was learned cost a fifth of one each five seconds") {
    constexpr int tasks = 4'000;
    const Measured fixed = each_five_seconds(tasks);
    const Measured learned = Learning().measure(tasks);
    MESSAGE("each 5 s: " << fixed.polls << " polls, " << fixed.delay_seconds << " s late; learned: "
                         << learned.polls << ", " << learned.delay_seconds << " s");
    CHECK(learned.polls < fixed.polls * 0.205);
    CHECK(learned.delay_seconds < fixed.delay_seconds * 1.07);
}

TEST_CASE("an upstream that has become twice as fast is caught up with within a few dozen tasks") {
    Learning learning;
    learning.measure(200);
    const Measured taken_aback = learning.measure(10, 2);
    learning.measure(50, 2);
    const Measured settled = learning.measure(200, 2);
    CHECK(taken_aback.delay_seconds > 10);
    CHECK(settled.delay_seconds < 3);
    CHECK(settled.polls < 6);
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
