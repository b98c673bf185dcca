#include "queue/dispatch_order.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace genspool;
using queue::DispatchOrder;
using queue::LaneId;

constexpr proto::Instant start{proto::Duration(1'800'000'000'000)};
constexpr proto::Duration half_hour{30 * 60'000};

bool all_open(LaneId) {
    return true;
}

void push(DispatchOrder& order, std::uint64_t job, int priority = 5, queue::GroupId group = 1,
          LaneId lane = 0, proto::Instant since = start) {
    order.push(lane, static_cast<std::uint8_t>(priority), group, {{job}, since});
}

/// The numbers of the jobs in the order they go, each taken as served.
std::string drained(DispatchOrder& order, proto::Instant now = start,
                    const std::function<bool(LaneId)>& open = all_open) {
    std::string jobs;
    while (const auto pick = order.pop(open, now)) {
        if (!jobs.empty()) jobs += ' ';
        jobs += std::to_string(pick->waiting.job.value);
        order.served(pick->group);
    }
    return jobs;
}

}  // namespace

TEST_CASE("jobs of one group and priority go first come, first served") {
    DispatchOrder order;
    for (const std::uint64_t job : {1, 2, 3, 4})
        push(order, job);

    CHECK(order.size() == 4);
    CHECK(drained(order) == "1 2 3 4");
    CHECK(order.size() == 0);
    CHECK_FALSE(order.pop(all_open, start));
}

TEST_CASE("a job that comes back takes its old place") {
    DispatchOrder order;
    for (const std::uint64_t job : {2, 3, 1})
        push(order, job);

    CHECK(drained(order) == "1 2 3");
}

TEST_CASE("a higher priority goes first, in a lane and across lanes") {
    DispatchOrder order;
    push(order, 1, 0);
    push(order, 2, 9);
    push(order, 3, 5, 1, 7);
    push(order, 4, 9, 1, 7);

    CHECK(drained(order) == "2 4 3 1");
}

TEST_CASE("a job gains one step of priority for each half hour it has waited") {
    DispatchOrder order;
    push(order, 1, 3, 1, 0, start);
    push(order, 2, 5, 1, 0, start + half_hour);

    CHECK(order.lanes().at(0).head(start + half_hour)->waiting.job.value == 2);
    CHECK(order.lanes().at(0).head(start + half_hour)->effective == 5);
    CHECK(order.lanes().at(0).head(start + 2 * half_hour)->effective == 6);
    CHECK(drained(order, start + 2 * half_hour) == "2 1");
}

TEST_CASE("a job that has waited long overtakes a fresh one of higher priority") {
    DispatchOrder order;
    push(order, 1, 0, 1, 0, start);
    push(order, 2, 7, 1, 0, start + 8 * half_hour);

    CHECK(drained(order, start + 8 * half_hour) == "1 2");
}

TEST_CASE("ageing stops at nine") {
    DispatchOrder order;
    push(order, 1, 0, 1, 0, start);
    push(order, 2, 9, 2, 0, start + 100 * half_hour);
    const proto::Instant now = start + 100 * half_hour;

    CHECK(order.lanes().at(0).head(now)->effective == 9);
    CHECK(order.lanes().at(0).head(now)->waiting.job.value == 2);
    CHECK(drained(order, now) == "2 1");
}

TEST_CASE("a clock that stands before a job's admission does not age it") {
    DispatchOrder order;
    push(order, 1, 4, 1, 0, start + half_hour);

    CHECK(order.lanes().at(0).head(start)->effective == 4);
}

TEST_CASE("groups of one lane take turns, however many jobs each has") {
    DispatchOrder order;
    for (const std::uint64_t job : {1, 2, 3, 4})
        push(order, job, 5, 1);
    push(order, 10, 5, 2);
    push(order, 11, 5, 2);

    CHECK(drained(order) == "1 10 2 11 3 4");
}

TEST_CASE("groups take turns across lanes") {
    DispatchOrder order;
    for (const std::uint64_t job : {1, 2, 3, 4})
        push(order, job, 5, 1, 0);
    push(order, 10, 5, 2, 1);
    push(order, 11, 5, 2, 1);

    CHECK(drained(order) == "1 10 2 11 3 4");
}

TEST_CASE("a group with jobs in two lanes is served no more often than one with jobs in one") {
    DispatchOrder order;
    push(order, 1, 5, 1, 0);
    push(order, 2, 5, 1, 0);
    push(order, 3, 5, 1, 1);
    push(order, 4, 5, 1, 1);
    push(order, 10, 5, 2, 2);
    push(order, 11, 5, 2, 2);

    CHECK(drained(order) == "1 10 2 11 3 4");
}

TEST_CASE("a group that comes late gets its turn at once, but no credit for its absence") {
    DispatchOrder order;
    for (std::uint64_t job = 1; job <= 8; ++job)
        push(order, job, 5, 1, 0);
    for (int slot = 0; slot < 4; ++slot)
        order.served(order.pop(all_open, start)->group);
    for (const std::uint64_t job : {20, 21, 22})
        push(order, job, 5, 2, 1);

    CHECK(drained(order) == "20 5 21 6 22 7 8");
}

TEST_CASE("priority comes before the turns of groups") {
    DispatchOrder order;
    push(order, 1, 9, 1);
    push(order, 2, 9, 1);
    push(order, 3, 1, 2);

    CHECK(drained(order) == "1 2 3");
}

TEST_CASE("only open lanes are popped from") {
    DispatchOrder order;
    push(order, 1, 9, 1, 0);
    push(order, 2, 1, 1, 1);
    const auto second = [](LaneId lane) { return lane == 1; };

    CHECK(order.any(second));
    CHECK(drained(order, start, second) == "2");
    CHECK_FALSE(order.any(second));
    CHECK(order.lanes().at(0).size() == 1);
    CHECK(order.lanes().size() == 1);
}

TEST_CASE("how many go before a job is told by priority, age, turns and admission") {
    DispatchOrder order;
    for (const std::uint64_t job : {1, 2, 3, 4})
        push(order, job, 5, 1);
    push(order, 10, 5, 2);
    push(order, 11, 5, 2);
    push(order, 20, 9, 3);
    push(order, 30, 0, 4);
    push(order, 40, 5, 1, 1);
    const auto ahead = [&](std::uint64_t job, std::uint8_t priority, queue::GroupId group,
                           proto::Instant now = start) {
        return order.ahead_of(0, priority, group, {{job}, start}, now);
    };

    CHECK(ahead(20, 9, 3) == 0);
    CHECK(ahead(1, 5, 1) == 1);
    CHECK(ahead(10, 5, 2) == 2);
    CHECK(ahead(2, 5, 1) == 3);
    CHECK(ahead(4, 5, 1) == 6);
    CHECK(ahead(30, 0, 4) == 7);
    CHECK(order.ahead_of(1, 5, 1, {{40}, start}, start) == 0);
    CHECK(order.ahead_of(7, 5, 1, {{50}, start}, start) == 0);
    // A job that is not in line: a fresh one, of no group that is, and of one that is.
    CHECK(order.ahead_of(0, 5, 9, {{50}, start}, start) == 3);
    CHECK(order.ahead_of(0, 5, 1, {{50}, start}, start) == 7);
    // It has waited for two and a half hours, and they have not.
    CHECK(order.ahead_of(0, 1, 9, {{5}, start - 5 * half_hour}, start) == 1);
    CHECK(drained(order, start, [](LaneId lane) { return lane == 0; }) == "20 1 10 2 11 3 4 30");
}

TEST_CASE("what is told to go before a job agrees with the order, but for a turn of each group") {
    constexpr std::uint64_t groups = 4;
    for (std::uint32_t seed = 1; seed <= 50; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        queue::Lane lane;
        std::map<std::uint64_t, std::uint64_t> told;
        std::vector<std::pair<queue::Lane::Head, proto::JobSeq>> pushed;
        for (std::uint64_t job = 1; job <= 60; ++job) {
            const auto priority = static_cast<std::uint8_t>(random() % 10);
            const queue::Waiting waiting{{job}, start + half_hour * (job / 5)};
            const queue::GroupId group = random() % groups;
            lane.push(priority, group, waiting);
            pushed.push_back({{0, priority, group, waiting}, {job}});
        }
        const proto::Instant now = start + 12 * half_hour;
        for (const auto& [head, job] : pushed)
            told[job.value] =
                lane.ahead_of(head.priority, head.group, head.waiting, now).value_or(1'000);
        for (std::uint64_t place = 0; const auto head = lane.head(now); ++place) {
            const std::uint64_t job = head->waiting.job.value;
            CAPTURE(job);
            CHECK(told[job] + groups >= place);
            CHECK(told[job] <= place + groups);
            lane.pop(*head);
        }
    }
}

TEST_CASE("nobody counts through the jobs of a great many groups") {
    DispatchOrder order;
    for (std::uint64_t job = 1; job <= 10'001; ++job)
        push(order, job, 5, job);

    CHECK_FALSE(order.ahead_of(0, 5, 10'001, {{10'001}, start}, start));
}

TEST_CASE("a closed lane with a million jobs costs one look") {
    DispatchOrder order;
    for (std::uint64_t job = 1; job <= 1'000'000; ++job)
        push(order, job, 5, 1, 0);
    push(order, 1'000'001, 5, 2, 1);
    const auto healthy = [](LaneId lane) { return lane == 1; };

    const auto pick = order.pop(healthy, start);

    REQUIRE(pick.has_value());
    CHECK(pick->waiting.job.value == 1'000'001);
    CHECK(order.lanes_visited == 2);
    CHECK(order.entries_visited == 1);
    CHECK_FALSE(order.pop(healthy, start));
    CHECK(order.lanes_visited == 3);
    CHECK(order.entries_visited == 1);
}

TEST_CASE("many groups that came once are not remembered for ever, and nobody starves") {
    DispatchOrder order;
    for (std::uint64_t group = 1; group <= 10'000; ++group)
        push(order, group, 5, group, 0);
    push(order, 20'000, 5, 1, 0);

    const std::string jobs = drained(order);

    CHECK(jobs.substr(0, 11) == "1 2 3 4 5 6");
    CHECK(jobs.ends_with(" 10000 20000"));
}
