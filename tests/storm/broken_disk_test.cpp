// The daemon as it is shipped, on a disk of which one change goes wrong after the other: in the
// database, spool, files that are handed in, artifacts, results and watch folder.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/storm/kill_walk.hpp"
#include "tests/storm/storm_size.hpp"

using namespace genspool::tests;

namespace {

/// In each directory, the changes that a life makes which nothing befalls.
const std::map<std::string, std::uint64_t>& changes() {
    static const std::map<std::string, std::uint64_t> all = [] {
        KillWalk walk;
        std::map<std::string, std::uint64_t> counts;
        for (const std::string& line : walk.lived_on_broken_disk("none")) {
            std::istringstream words(line);
            std::string word;
            std::string area;
            std::uint64_t count = 0;
            if (words >> word >> area >> count && word == "calls") counts[area] += count;
        }
        return counts;
    }();
    return all;
}

/// How long it stays broken: for one change, or for some more, which are tried again.
std::string fault(const std::string& area, std::uint64_t change) {
    constexpr std::array<const char*, 3> kinds{"full", "broken", "short"};
    const std::uint64_t times = change / kinds.size() % 2 == 0 ? 1 : 8;
    return area + ":" + std::to_string(change) + ":" + std::to_string(times) + ":" +
           kinds.at(change % kinds.size());
}

/// Lives through it, and once more on a sound disk. True: there was such a change.
bool survives(const std::string& broken) {
    std::string first;
    try {
        KillWalk walk;
        const std::vector<std::string> told = walk.lived_on_broken_disk(broken);
        if (!told.empty()) first = told.front();
        CAPTURE(broken);
        CAPTURE(first);
        walk.finish();
    } catch (const std::exception& error) {
        const std::string what = error.what();
        FAIL_CHECK(broken, ", ", first, ": ", what);
    }
    return first.starts_with("struck");
}

/// A life is never quite like the one before, so not each of the last few is struck.
void break_changes(const std::string& area, std::uint64_t stride) {
    const auto found = changes().find(area);
    REQUIRE(found != changes().end());
    std::uint64_t struck = 0;
    std::uint64_t lives = 0;
    for (std::uint64_t change = 1; change <= found->second; change += stride) {
        struck += survives(fault(area, change)) ? 1 : 0;
        ++lives;
    }
    MESSAGE(area << ": " << found->second << " changes, " << lives << " lives, " << struck
                 << " struck");
    CHECK(struck > 0);
}

}  // namespace

TEST_CASE("a change of the database that goes wrong loses nothing, and is paid for once") {
    break_changes("db", storm_size(160, 1));
    break_changes("db.high_water", storm_size(14, 1));
    break_changes("db.ballast", 1);
}

TEST_CASE("a change of spool or handed-in files that goes wrong loses nothing") {
    break_changes("spool", storm_size(25, 1));
    break_changes("blobs", storm_size(13, 1));
}

TEST_CASE("a change of artifacts or results that goes wrong loses nothing") {
    break_changes("artifacts", storm_size(44, 1));
    break_changes("results", storm_size(29, 1));
}

TEST_CASE("a change of the watch folder, or of what a start makes, loses nothing") {
    for (const char* const area : {"inbox", "accepted", "rejected"})
        break_changes(area, storm_size(8, 1));
    break_changes("run", storm_size(9, 1));
}

TEST_CASE("every directory that a life changes is struck above") {
    const std::set<std::string> struck{"db",       "db.high_water", "db.ballast", "spool",
                                       "blobs",    "artifacts",     "results",    "inbox",
                                       "accepted", "rejected",      "run"};
    std::ostringstream told;
    std::uint64_t all = 0;
    for (const auto& [area, count] : changes()) {
        CAPTURE(area);
        CHECK(struck.contains(area));
        told << " " << area << " " << count;
        all += count;
    }
    MESSAGE(all << " changes:" << told.str());
}

TEST_CASE("it outlives what GENSPOOL_BREAK names, as results:7:1:full") {
    const char* const wish = std::getenv("GENSPOOL_BREAK");  // NOLINT(concurrency-mt-unsafe)
    if (wish == nullptr) return;
    CHECK(survives(wish));
}
