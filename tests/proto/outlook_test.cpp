#include "proto/outlook.hpp"

#include <doctest/doctest.h>

using namespace genspool;
using namespace std::chrono_literals;
using proto::CompletionTimes;
using proto::Duration;
using proto::Instant;
using proto::Outlook;
using proto::State;

namespace {

const Instant sent{1'000'000s};

proto::JobRecord job_in(State state) {
    proto::JobRecord record;
    record.state = state;
    record.sent_at = sent;
    return record;
}

/// Between 60 and 90 s.
CompletionTimes usual() {
    std::vector<Duration> took;
    for (int n = 0; n <= 30; ++n)
        took.emplace_back(std::chrono::seconds(60 + n));
    return CompletionTimes(std::move(took));
}

Outlook at(Duration so_far, std::optional<std::uint32_t> said = {}) {
    const CompletionTimes times = usual();
    return proto::outlook(job_in(State::running), &times, said, sent + so_far);
}

}  // namespace

TEST_CASE("progress and eta follow what tasks of the sort took") {
    CHECK(at(0s) == Outlook{0, sent + 75s});
    CHECK(at(43'500ms) == Outlook{500, sent + 75s});
    CHECK(at(80s).eta == sent + 86s);
}

TEST_CASE("progress never goes back nor comes to its end, and no eta lies in the past") {
    std::uint32_t last = 0;
    for (Duration so_far = 0s; so_far < 5min; so_far += 100ms) {
        const Outlook now = at(so_far);
        REQUIRE(now.permille);
        CHECK(*now.permille >= last);
        CHECK(*now.permille <= 990);
        if (now.eta) CHECK(*now.eta > sent + so_far);
        last = *now.permille;
    }
    CHECK(last == 990);
    CHECK_FALSE(at(90s).eta);
    CHECK(at(1ms, 1'000).permille == 990);
}

TEST_CASE("what the upstream says comes first") {
    CHECK(at(80s, 250) == Outlook{250, sent + 86s});
    CHECK(proto::outlook(job_in(State::running), nullptr, 250, sent) == Outlook{250, std::nullopt});
}

TEST_CASE("of what nothing is known nothing is told") {
    const CompletionTimes few({1s, 2s});
    const CompletionTimes times = usual();
    CHECK(proto::outlook(job_in(State::running), nullptr, {}, sent) == Outlook{});
    CHECK(proto::outlook(job_in(State::running), &few, {}, sent) == Outlook{});
    for (const State state : {State::queued, State::submitting, State::canceling, State::held,
                              State::failed, State::canceled}) {
        CHECK(proto::outlook(job_in(state), &times, 500, sent) == Outlook{});
    }
}

TEST_CASE("a job whose work is done has little left, and one that succeeded nothing") {
    CHECK(proto::outlook(job_in(State::fetching), nullptr, {}, sent) == Outlook{990, std::nullopt});
    CHECK(proto::outlook(job_in(State::succeeded), nullptr, {}, sent) ==
          Outlook{1'000, std::nullopt});
}

TEST_CASE("tasks that take no time, and a clock that went back, are survived") {
    const CompletionTimes none(std::vector<Duration>(20, Duration(0)));
    CHECK(proto::outlook(job_in(State::running), &none, {}, sent) == Outlook{990, std::nullopt});
    const CompletionTimes times = usual();
    CHECK(proto::outlook(job_in(State::running), &times, {}, sent - 1h) ==
          Outlook{0, sent - 1h + 75s});
}
