#include "workers/disk_watch.hpp"

#include <doctest/doctest.h>

using genspool::queue::DiskGate;
using genspool::workers::disk_gate;

TEST_CASE("as the disk fills, buying stops first, then fetching, then intake") {
    CHECK(disk_gate(1'000, 1'000) == DiskGate::open);
    CHECK(disk_gate(999, 1'000) == DiskGate::no_submit);
    CHECK(disk_gate(500, 1'000) == DiskGate::no_submit);
    CHECK(disk_gate(499, 1'000) == DiskGate::no_fetch);
    CHECK(disk_gate(125, 1'000) == DiskGate::no_fetch);
    CHECK(disk_gate(124, 1'000) == DiskGate::no_intake);
    CHECK(disk_gate(0, 1'000) == DiskGate::no_intake);
}
