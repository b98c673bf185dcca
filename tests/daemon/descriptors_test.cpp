#include "daemon/descriptors.hpp"

#include <doctest/doctest.h>

using namespace genspool::daemon;

TEST_CASE("connections leave enough descriptors to the database and the engine") {
    CHECK(connections_within(65'536, 2, 1'024) == 1'024);
    CHECK(connections_within(1'000'000, 2, 100'000) == 100'000);
    for (const std::uint64_t descriptors : {64U, 256U, 1'024U, 4'096U, 65'536U}) {
        CAPTURE(descriptors);
        const std::uint64_t left =
            descriptors - std::uint64_t{2} * 2 * connections_within(descriptors, 2, 100'000);
        CHECK(left >= std::min<std::uint64_t>(1'200, descriptors / 2));
    }
    CHECK(connections_within(1, 2, 1'024) == 1);
}

TEST_CASE("the process may open as many files as it ever may") {
    const std::uint64_t most = raise_descriptor_limit();
    CHECK(most > 0);
    CHECK(raise_descriptor_limit() == most);
}
