#include "proto/raw_member.hpp"

#include <doctest/doctest.h>

using genspool::proto::raw_member;

TEST_CASE("a member's value is found exactly as it was written") {
    CHECK(raw_member(R"({"a":1,"request": {"x" : [1.50, "}"]} ,"b":2})", "request") ==
          R"({"x" : [1.50, "}"]})");
    CHECK(raw_member(R"( { "request":"a\"},{" } )", "request") == R"("a\"},{")");
    CHECK(raw_member(R"({"a":{"request":1},"b":["request",2],"request":-1.5e+3})", "request") ==
          "-1.5e+3");
    CHECK(raw_member("{\"request\"\n:\t[]\r}", "request") == "[]");
    CHECK(raw_member(R"({"request":null,"z":true})", "z") == "true");
}

TEST_CASE("of a repeated member the last one counts") {
    CHECK(raw_member(R"({"request":1,"request":2})", "request") == "2");
}

TEST_CASE("a member that is not there, or cannot be told, is not found") {
    CHECK_FALSE(raw_member("{}", "request").has_value());
    CHECK_FALSE(raw_member(R"({"a":1})", "request").has_value());
    CHECK_FALSE(raw_member("[1]", "request").has_value());
    CHECK_FALSE(raw_member("", "request").has_value());
    CHECK_FALSE(raw_member(R"({"request":1,"\u0072equest":2})", "request").has_value());
}

TEST_CASE("text that was never valid does not lead beyond its end") {
    for (const std::string_view text :
         {"{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":[", "{\"a\":\"\\", "{\"a\":1,",
          "{\"request\":{\"b\":\"", "{\"a\\"}) {
        raw_member(text, "request");
    }
}
