#include "queue/high_water.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "queue/rocksdb_store.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace genspool;
using genspool::proto::EventSeq;
using genspool::queue::HighWater;
using genspool::tests::TemporaryDirectory;

void reach(const std::string& path, std::uint64_t event) {
    HighWater mark(path);
    mark.reached({event});
}

EventSeq found_in(const std::string& path) {
    return HighWater(path).found();
}

/// A write that a power cut tore, in one of the two places.
void tear(const std::string& path, std::streamoff place) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(place * 4096 + 5);
    file << "torn";
}

}  // namespace

TEST_CASE("a mark is there at the next start, and never falls") {
    const TemporaryDirectory directory;
    const std::string path = directory.path("mark");
    CHECK(found_in(path) == EventSeq{0});
    reach(path, 5);
    CHECK(found_in(path) == EventSeq{5});
    reach(path, 3);
    CHECK(found_in(path) == EventSeq{5});
    reach(path, 1'000'000'000'007);
    CHECK(found_in(path) == EventSeq{1'000'000'000'007});
}

TEST_CASE("a mark whose writing was torn leaves the one before") {
    const TemporaryDirectory directory;
    const std::string path = directory.path("mark");
    reach(path, 5);
    reach(path, 9);
    tear(path, 1);
    CHECK(found_in(path) == EventSeq{5});
    reach(path, 11);
    CHECK(found_in(path) == EventSeq{11});
}

TEST_CASE("where the first mark of all was torn there is none yet") {
    const TemporaryDirectory directory;
    const std::string path = directory.path("mark");
    reach(path, 5);
    tear(path, 0);
    CHECK(found_in(path) == EventSeq{0});
    CHECK(queue::read_high_water(path) == EventSeq{0});
    reach(path, 11);
    CHECK(found_in(path) == EventSeq{11});
}

TEST_CASE("a mark that nobody can read is said to be damaged, not taken for none") {
    const TemporaryDirectory directory;
    const std::string path = directory.path("mark");
    reach(path, 5);
    reach(path, 9);
    tear(path, 0);
    tear(path, 1);
    CHECK_THROWS_WITH_AS(HighWater{path}, doctest::Contains("is damaged"), queue::StoreFailed);
}

TEST_CASE("a mark can be read by whoever does not write it, and is not made by that") {
    const TemporaryDirectory directory;
    const std::string path = directory.path("mark");
    CHECK_FALSE(queue::read_high_water(path));
    CHECK_FALSE(std::filesystem::exists(path));
    std::ofstream{path};
    CHECK(queue::read_high_water(path) == EventSeq{0});
    reach(path, 5);
    reach(path, 9);
    CHECK(queue::read_high_water(path) == EventSeq{9});
    tear(path, 1);
    CHECK(queue::read_high_water(path) == EventSeq{5});
    tear(path, 0);
    CHECK_THROWS_WITH_AS(queue::read_high_water(path), doctest::Contains("is damaged"),
                         queue::StoreFailed);
}
