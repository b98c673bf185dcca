#include "proto/money.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <random>

using namespace genspool::proto;

TEST_CASE("amounts are written as plain decimals") {
    CHECK(format_micros(0) == "0");
    CHECK(format_micros(490'000) == "0.49");
    CHECK(format_micros(3'000'000) == "3");
    CHECK(format_micros(1) == "0.000001");
    CHECK(format_micros(10'000'010) == "10.00001");
    CHECK(format_micros(-1'500'000) == "-1.5");
    CHECK(format_micros(std::numeric_limits<Micros>::max()) == "9223372036854.775807");
    CHECK(format_micros(std::numeric_limits<Micros>::min()) == "-9223372036854.775808");
}

TEST_CASE("plain decimals are read exactly, and nothing else") {
    CHECK(parse_micros("0.49") == 490'000);
    CHECK(parse_micros("0.1") == 100'000);
    CHECK(parse_micros("999999999.999999") == 999'999'999'999'999);
    CHECK(parse_micros("007") == 7'000'000);
    for (const char* text : {"", ".", "1.", ".5", "-1", "+1", "1e3", "0.0000001", "1000000000",
                             "1,5", " 1", "1 ", "0x1", "1.2.3", "NaN"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_micros(text).has_value());
    }
}

TEST_CASE("every amount survives being written and read") {
    std::mt19937_64 random(3);
    for (int i = 0; i < 2'000; ++i) {
        const auto amount = static_cast<Micros>(random() % 1'000'000'000'000'000);
        CHECK(parse_micros(format_micros(amount)) == amount);
    }
}

TEST_CASE("units have names") {
    CHECK(to_string(Unit::usd) == "USD");
    CHECK(to_string(Unit::none).empty());
    CHECK(parse_unit("credits") == Unit::credits);
    CHECK_FALSE(parse_unit("usd").has_value());
}
