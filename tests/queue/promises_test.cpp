#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "tests/support/queue_world.hpp"

namespace {

using genspool::tests::QueueWorld;

void live_a_life(std::uint64_t seed, int steps) {
    QueueWorld world(seed);
    for (int step = 0; step < steps && world.broken().empty(); ++step) {
        world.step();
        if (step % 50 == 0) world.check();
    }
    if (world.broken().empty()) world.finish();
    for (const std::string& sentence : world.broken())
        FAIL_CHECK(sentence);
}

}  // namespace

TEST_CASE("through random commands, crashes and power cuts every promise is kept: seeds 1 to 50") {
    for (std::uint64_t seed = 1; seed <= 50; ++seed)
        live_a_life(seed, 1'500);
}

TEST_CASE(
    "through random commands, crashes and power cuts every promise is kept: seeds 51 to 100") {
    for (std::uint64_t seed = 51; seed <= 100; ++seed)
        live_a_life(seed, 1'500);
}

TEST_CASE(
    "through random commands, crashes and power cuts every promise is kept: seeds 101 to 150") {
    for (std::uint64_t seed = 101; seed <= 150; ++seed)
        live_a_life(seed, 1'500);
}

TEST_CASE(
    "through random commands, crashes and power cuts every promise is kept: seeds 151 to 200") {
    for (std::uint64_t seed = 151; seed <= 200; ++seed)
        live_a_life(seed, 1'500);
}

TEST_CASE("through random commands, crashes and power cuts every promise is kept: a fresh seed") {
    const char* wanted = std::getenv("GENSPOOL_SEED");  // replays a failure
    live_a_life(wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : std::random_device{}(),
                1'500);
}
