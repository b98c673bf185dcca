#include "queue/slots.hpp"

#include <doctest/doctest.h>

using namespace genspool;
using namespace genspool::queue;
using namespace std::chrono_literals;

namespace {

const proto::Instant later{1'000s};
const SlotRow film{"main", "video", later};
const SlotRow song{"main", "music", later + 1s};
const SlotRow other{"second", "video", later};

Slots::Place of(std::uint64_t job, proto::Send send) {
    return {proto::JobSeq{job}, send};
}

std::vector<Slots::Place> held(const Slots& slots) {
    std::vector<Slots::Place> places;
    slots.each_held([&](const Slots::Place& place, const SlotRow&) { places.push_back(place); });
    return places;
}

}  // namespace

TEST_CASE("a slot is kept as it was taken, and given back once") {
    Slots slots;
    CHECK(slots.take(of(1, 1), film));
    CHECK(slots.take(of(1, 2), song));
    CHECK(slots.take(of(2, 1), other));
    CHECK(slots.size() == 3);

    CHECK(slots.find(of(1, 1)) == film);
    CHECK(slots.find(of(1, 2)) == song);
    CHECK(slots.give(of(2, 1)) == other);
    CHECK_FALSE(slots.give(of(2, 1)));
    CHECK_FALSE(slots.find(of(2, 1)));
    CHECK(slots.size() == 2);
}

TEST_CASE("a slot that is taken again is only moved") {
    Slots slots;
    CHECK(slots.take(of(1, 1), film));
    SlotRow longer = film;
    longer.expires += 1h;
    CHECK_FALSE(slots.take(of(1, 1), longer));
    CHECK(slots.find(of(1, 1)) == longer);
}

TEST_CASE("all slots of a job are held together, and none of another's") {
    Slots slots;
    slots.take(of(1, 1), film);
    slots.take(of(2, 1), film);
    slots.take(of(2, 3), song);
    slots.take(of(3, 1), film);

    slots.mark_held({2}, true);
    CHECK(held(slots) == std::vector{of(2, 1), of(2, 3)});
    SUBCASE("until its state is another") {
        slots.mark_held({2}, false);
        CHECK(held(slots).empty());
    }
    SUBCASE("but for one that is given back") {
        slots.give(of(2, 1));
        CHECK(held(slots) == std::vector{of(2, 3)});
    }
}
