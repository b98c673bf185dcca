#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "tests/support/queue_world.hpp"
#include "tests/support/sanitized.hpp"

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

constexpr std::uint64_t stride = genspool::tests::sanitized ? 25 : 1;

void live_lives(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t seed = first; seed <= last; seed += stride)
        live_a_life(seed, 1'500);
}

}  // namespace

TEST_CASE("through random commands, crashes and power cuts every promise is kept: seeds 1 to 50") {
    live_lives(1, 50);
}

TEST_CASE(
    "through random commands, crashes and power cuts every promise is kept: seeds 51 to 100") {
    live_lives(51, 100);
}

TEST_CASE("through random commands, crashes and power cuts every promise is kept: a fresh seed") {
    const char* wanted = std::getenv("GENSPOOL_SEED");  // replays a failure
    live_a_life(wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : std::random_device{}(),
                1'500);
}
