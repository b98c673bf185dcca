#include "proto/time.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace genspool::proto;
using namespace std::chrono_literals;

namespace {

Instant at(std::int64_t millis) {
    return Instant{Duration{millis}};
}

}  // namespace

TEST_CASE("moments are written in UTC with milliseconds") {
    CHECK(format_rfc3339(at(0)) == "1970-01-01T00:00:00.000Z");
    CHECK(format_rfc3339(at(1'796'112'000'007)) == "2026-12-01T08:00:00.007Z");
    CHECK(format_rfc3339(at(-1)) == "1970-01-01T00:00:00.000Z");
    CHECK(format_rfc3339(never) == "9999-12-31T23:59:59.999Z");
    CHECK(format_day(at(1'796'112'000'007)) == "2026-12-01");
}

TEST_CASE("RFC 3339 is read with any offset and fraction") {
    CHECK(parse_rfc3339("2026-12-01T08:00:00Z") == at(1'796'112'000'000));
    CHECK(parse_rfc3339("2026-12-01t08:00:00z") == at(1'796'112'000'000));
    CHECK(parse_rfc3339("2026-12-01 10:30:00+02:30") == at(1'796'112'000'000));
    CHECK(parse_rfc3339("2026-12-01T00:00:00-08:00") == at(1'796'112'000'000));
    CHECK(parse_rfc3339("2026-12-01T08:00:00.1Z") == at(1'796'112'000'100));
    CHECK(parse_rfc3339("2026-12-01T08:00:00.123999999Z") == at(1'796'112'000'123));
    CHECK(parse_rfc3339("2016-12-31T23:59:60Z") == parse_rfc3339("2017-01-01T00:00:00Z"));
    CHECK(parse_rfc3339("2024-02-29T00:00:00Z").has_value());
}

TEST_CASE("what is no moment is not read") {
    for (const char* text :
         {"", "2026", "2026-12-01", "2026-12-01T08:00:00", "2026-12-01T08:00Z",
          "2026-13-01T08:00:00Z", "2026-02-29T00:00:00Z", "2026-12-01T24:00:00Z",
          "2026-12-01T08:60:00Z", "2026-12-01T08:00:61Z", "2026-12-01T08:00:00.Z",
          "2026-12-01T08:00:00Zx", "2026-12-01T08:00:00+0200", "2026-12-01T08:00:00+24:00",
          "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00", "1970-01-01T00:00:00+00:01",
          "+026-12-01T08:00:00Z", "20261-12-01T08:00:00Z"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_rfc3339(text).has_value());
    }
}

TEST_CASE("every moment survives being written and read") {
    std::mt19937_64 random(7);
    for (int i = 0; i < 2'000; ++i) {
        const Instant moment = at(static_cast<std::int64_t>(random() % 253'402'300'800'000));
        CHECK(parse_rfc3339(format_rfc3339(moment)) == moment);
    }
}

TEST_CASE("spans are read in falling units only") {
    CHECK(parse_duration("2s") == Duration{2s});
    CHECK(parse_duration("500ms") == Duration{500ms});
    CHECK(parse_duration("15m") == Duration{15min});
    CHECK(parse_duration("6h") == Duration{6h});
    CHECK(parse_duration("30d") == Duration{720h});
    CHECK(parse_duration("1h30m") == Duration{90min});
    CHECK(parse_duration("0s") == Duration{0});
    CHECK(parse_duration("36525d").has_value());
    for (const char* text : {"", "5", "s", "-2s", "1.5h", "1m1h", "1h1h", "2 s", "1w", "36525d1ms",
                             "99999999999999999999s", "9223372036854775807d", "1h30", "+1h"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_duration(text).has_value());
    }
}

TEST_CASE("every span survives being written and read") {
    CHECK(format_duration(90min) == "1h30m");
    CHECK(format_duration(0ms) == "0s");
    CHECK(format_duration(86'400'001ms) == "1d1ms");
    std::mt19937_64 random(8);
    for (int i = 0; i < 2'000; ++i) {
        const Duration span{random() % (std::uint64_t{1} << (random() % 41))};
        CHECK(parse_duration(format_duration(span)) == span);
    }
}

TEST_CASE("a moment may be given as a span from now") {
    CHECK(parse_moment("+15m", at(1'000)) == at(901'000));
    CHECK(parse_moment("1970-01-01T00:00:02Z", at(1'000)) == at(2'000));
    CHECK_FALSE(parse_moment("15m", at(0)).has_value());
    CHECK_FALSE(parse_moment("+", at(0)).has_value());
    CHECK_FALSE(parse_moment("", at(0)).has_value());
}
