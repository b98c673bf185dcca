#include "proto/completion_times.hpp"

#include <doctest/doctest.h>

using namespace genspool;
using namespace std::chrono_literals;
using proto::CompletionTimes;
using proto::Duration;

namespace {

/// 1 s, 2 s, …
CompletionTimes seconds_up_to(int last) {
    std::vector<Duration> took;
    for (int n = 1; n <= last; ++n)
        took.emplace_back(std::chrono::seconds(n));
    return CompletionTimes(std::move(took));
}

}  // namespace

TEST_CASE("from a few tasks nothing is told") {
    CHECK_FALSE(CompletionTimes({}).tell());
    CHECK_FALSE(seconds_up_to(9).tell());
    CHECK(seconds_up_to(10).tell());
}

TEST_CASE("the last tasks count, whatever was before them") {
    CompletionTimes times({});
    for (int n = 0; n < 100; ++n)
        times = times.with(1h);
    for (int n = 0; n < 64; ++n)
        times = times.with(n % 2 == 0 ? 30s : 40s);

    CHECK(times.took().size() == CompletionTimes::kept_max);
    CHECK(times.took().front() == 30s);
    CHECK(times.within(0) == 30s);
    CHECK(times.within(100) == 40s);
}

TEST_CASE("so many of a hundred ended within a time") {
    const CompletionTimes times = seconds_up_to(20);
    CHECK(times.within(0) == 1s);
    CHECK(times.within(10) == 3s);
    CHECK(times.within(50) == 11s);
    CHECK(times.within(90) == 19s);
    CHECK(times.within(100) == 20s);
}

TEST_CASE("what is likely looks only at those that took longer still") {
    const CompletionTimes times = seconds_up_to(20);
    CHECK(times.likely_after(0s) == 11s);
    CHECK(times.likely_after(10s) == 16s);
    CHECK(times.likely_after(19s) == 20s);
    CHECK(times.likely_after(19'999ms) == 20s);
    CHECK_FALSE(times.likely_after(20s));
}
