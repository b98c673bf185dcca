#include "proto/nearest_name.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace genspool::proto;

TEST_CASE("a misspelt name is told the nearest known one, if any is near") {
    constexpr std::array<std::string_view, 4> known = {"prompt", "priority", "output", "kind"};

    CHECK(nearest_name("promt", known) == "prompt");
    CHECK(nearest_name("pirority", known) == "priority");
    CHECK(nearest_name("knid", known) == "kind");
    CHECK(nearest_name("", known).empty());
    CHECK(nearest_name("banana", known).empty());
    CHECK(nearest_name(std::string(10'000, 'x'), known).empty());
    CHECK(did_you_mean("ouput", known) == "; did you mean 'output'?");
    CHECK(did_you_mean("banana", known).empty());
}
