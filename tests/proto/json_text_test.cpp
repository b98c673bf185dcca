#include "proto/json_text.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <boost/json.hpp>
#include <cmath>
#include <random>

#include "proto/canonical_json.hpp"
#include "proto/json_writer.hpp"

using namespace genspool::proto;
using namespace std::string_view_literals;

namespace {

std::string number(double value) {
    std::string out;
    append_json_number(out, value);
    return out;
}

std::string string(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

}  // namespace

TEST_CASE("numbers are written as in the examples of RFC 8785") {
    const std::pair<std::uint64_t, std::string_view> samples[] = {
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x4430000000000000, "295147905179352830000"},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555557, "333333333.33333343"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"},
    };
    for (const auto& [bits, text] : samples)
        CHECK(number(std::bit_cast<double>(bits)) == text);
    CHECK(number(1) == "1");
    CHECK(number(1.5) == "1.5");
    CHECK(number(100) == "100");
    CHECK(number(0.6) == "0.6");
}

TEST_CASE("every number is read back as it was") {
    std::mt19937_64 random(5);
    for (int i = 0; i < 5'000; ++i) {
        const auto value = std::bit_cast<double>(static_cast<std::uint64_t>(random()));
        if (!std::isfinite(value)) continue;
        CHECK(std::strtod(number(value).c_str(), nullptr) == value);
    }
}

TEST_CASE("strings are escaped where they must be and nowhere else") {
    CHECK(string("a/b é € 😀") == "\"a/b é € 😀\"");
    CHECK(string("\"\\\b\f\n\r\t\x01\x7F"sv) == "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\x7F\"");
    CHECK(string("\0"sv) == "\"\\u0000\"");
}

TEST_CASE("bytes that are no UTF-8 become the replacement character") {
    CHECK(string("a\xFF z") == "\"a\xEF\xBF\xBD z\"");
    CHECK(string("\xC3") == "\"\xEF\xBF\xBD\"");
    CHECK(string("\xED\xA0\x80") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST_CASE("canonical JSON sorts keys by UTF-16 and drops white space") {
    const auto value = boost::json::parse(R"({ "€": "Euro", "\r": 1, "\uFB33": 2, "1": [ ],
        "😀": {}, "\u0080": null, "ö": [true, false, -1, 18446744073709551615, 1.0, 1e2] })");

    CHECK(canonical_json(value) ==
          "{\"\\r\":1,\"1\":[],\"\xC2\x80\":null,"
          "\"ö\":[true,false,-1,18446744073709551615,1,100],"
          "\"€\":\"Euro\",\"😀\":{},\"\xEF\xAC\xB3\":2}");
}

TEST_CASE("equal values have equal canonical forms, however they were written") {
    const auto one = boost::json::parse(R"({"b":1.50,"a":"A"})");
    const auto two = boost::json::parse(R"({"a":"\u0041" , "b":15e-1})");

    CHECK(canonical_json(one) == canonical_json(two));
    CHECK(compact_json(one) == R"({"b":1.5,"a":"A"})");
}

TEST_CASE("the writer keeps the commas and writes money as plain decimals") {
    std::string out = "data: ";
    JsonWriter json(out);
    json.begin_object();
    json.begin_array("empty");
    json.end_array();
    json.begin_array("names");
    json.element("a");
    json.element("b\n");
    json.end_array();
    json.begin_object("cost");
    json.money("spent", 490'000);
    json.money("limit", std::nullopt);
    json.end_object();
    json.text("t", "x");
    json.text_or_null("u", "");
    json.integer("i", -5);
    json.count("n", 5);
    json.flag("f", true);
    json.moment("at", Instant{});
    json.raw("r", "[1]");
    json.end_object();

    CHECK(out ==
          "data: {\"empty\":[],\"names\":[\"a\",\"b\\n\"],"
          "\"cost\":{\"spent\":0.49,\"limit\":null},\"t\":\"x\",\"u\":null,\"i\":-5,"
          "\"n\":5,\"f\":true,\"at\":\"1970-01-01T00:00:00.000Z\",\"r\":[1]}");
}
