// The daemon is killed at every place that has a name, one by one, and started again after each.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/programs/upstream_logs.hpp"
#include "tests/storm/kill_points.hpp"
#include "tests/storm/kill_walk.hpp"
#include "tests/storm/storm_size.hpp"
#include "tests/support/places.hpp"

using namespace genspool::tests;

namespace {

/// What each case below walks: the points by the first part of their names.
const std::array<std::vector<std::string>, 8> walks{{
    {"prepare", "paid", "poll"},
    {"spool", "files"},
    {"fetch"},
    {"intake", "blob"},
    {"inbox"},
    {"results", "small_file", "hooks"},
    {"backup", "ballast"},
    {"start", "queue", "high_water"},
}};

using Kill = std::function<bool(KillWalk&, const std::string& kill_at)>;

bool at_once(KillWalk& walk, const std::string& kill_at) {
    return walk.killed(kill_at);
}

/// It is reached only by a daemon whose last life ended at `first`.
Kill after(const std::string& first) {
    return [first](KillWalk& walk, const std::string& kill_at) {
        CHECK(walk.killed(first));
        return walk.killed(kill_at);
    };
}

bool after_file_is_gone(KillWalk& walk, const std::string& kill_at) {
    CHECK(walk.killed("inbox.after_chunk"));
    walk.take_dropped_file_away();
    return walk.killed(kill_at);
}

bool after_line_is_left(KillWalk& walk, const std::string& kill_at) {
    CHECK(walk.killed("results.done_written"));
    walk.plant_line();
    return walk.killed(kill_at);
}

bool after_part_is_left(KillWalk& walk, const std::string& kill_at) {
    CHECK_FALSE(walk.killed({}));
    walk.plant_part_file();
    return walk.killed(kill_at);
}

bool between_disks(KillWalk& walk, const std::string& kill_at) {
    REQUIRE(walk.move_inbox_to_another_disk());
    return walk.killed(kill_at);
}

bool on_full_disk(KillWalk& walk, const std::string& kill_at) {
    return walk.killed_on_full_disk(kill_at);
}

/// How those are reached that a first life with ordinary work does not pass.
const std::map<std::string, Kill>& ways() {
    static const std::map<std::string, Kill> all{
        {"ballast.released", on_full_disk},
        {"blob.swept", after("blob.begun")},
        {"fetch.part_swept", after_part_is_left},
        {"inbox.copied", between_disks},
        {"inbox.copy_renamed", between_disks},
        {"inbox.recovery_dropped", after_file_is_gone},
        {"inbox.recovery_noted", after("inbox.moved")},
        {"results.cut", after_line_is_left},
        {"spool.recovered", after("spool.synced")},
        {"spool.swept", after("files.before_remove")},
    };
    return all;
}

/// Killed there, at its first pass or a later one, and started again. False: it never comes there.
bool survives(const std::string& point, std::uint64_t pass, std::ostream& told) {
    CAPTURE(point);
    CAPTURE(pass);
    KillWalk walk;
    const auto way = ways().find(point);
    const std::string kill_at = point + ":" + std::to_string(pass);
    const bool struck = way == ways().end() ? at_once(walk, kill_at) : way->second(walk, kill_at);
    if (pass == 1) CHECK(struck);
    if (!struck) return false;
    walk.finish();
    told << "\n  " << kill_at << ": " << walk.purchases() << " bought, " << walk.held() << " held";
    return true;
}

/// Each is struck at its first pass, and at so many more as it has. A release has none of them.
[[maybe_unused]] void walk_through(const std::vector<std::string>& parts, std::uint64_t passes) {
    std::vector<std::string> points = kill_points();
    std::erase_if(points, [&parts](const std::string& point) {
        return std::ranges::find(parts, part_of_kill_point(point)) == parts.end();
    });
    std::ostringstream told;
    std::size_t struck = 0;
    std::size_t kills = 0;
    for (const std::string& point : points) {
        std::uint64_t pass = 1;
        while (pass <= passes && survives(point, pass, told))
            ++pass;
        struck += pass > 1 ? 1 : 0;
        kills += pass - 1;
    }
    MESSAGE(points.size() << " kill points, " << struck << " struck, " << kills << " kills in all"
                          << told.str());
    CHECK(struck == points.size());
}

}  // namespace

#ifdef GENSPOOL_KILL_POINTS

TEST_CASE("killed at any stage of a paid request or a poll, it buys nothing twice") {
    walk_through(walks[0], storm_size(2, 5));
}

TEST_CASE("killed while a paid reply is spooled or let go, it keeps what it can prove") {
    walk_through(walks[1], storm_size(2, 5));
}

TEST_CASE("killed anywhere between the first byte of an artifact and its name, it brings it home") {
    walk_through(walks[2], storm_size(2, 5));
}

TEST_CASE("killed anywhere in a submission, it has taken all of it or nothing") {
    walk_through(walks[3], storm_size(1, 5));
}

TEST_CASE("killed anywhere in the import of a file, it takes each line once") {
    walk_through(walks[4], storm_size(1, 5));
}

TEST_CASE("killed anywhere while results are written, each job stands in them once") {
    walk_through(walks[5], storm_size(1, 5));
}

TEST_CASE("killed anywhere in a backup, it has made a whole one or none") {
    walk_through(walks[6], storm_size(1, 5));
}

TEST_CASE("killed anywhere in a start or a commit, it starts again") {
    walk_through(walks[7], storm_size(1, 5));
}

TEST_CASE("killed at the place and pass that GENSPOOL_WALK_TO names, as queue.after_commit:64") {
    const char* const wish = std::getenv("GENSPOOL_WALK_TO");  // NOLINT(concurrency-mt-unsafe)
    if (wish == nullptr) return;
    const std::string place(wish);
    const std::size_t colon = place.find(':');
    const std::uint64_t pass = colon == place.npos ? 1 : std::stoull(place.substr(colon + 1));
    std::ostringstream told;
    CHECK(survives(place.substr(0, colon), pass, told));
    MESSAGE(told.str());
}

TEST_CASE("killed after one commit or another, it goes on from there") {
    const std::uint64_t stride = storm_size(9, 1);
    std::ostringstream told;
    std::uint64_t pass = 1 + stride;
    std::size_t kills = 0;
    while (survives("queue.after_commit", pass, told)) {
        pass += stride;
        ++kills;
    }
    MESSAGE("killed after " << kills << " of about " << pass << " commits" << told.str());
    CHECK(kills > 5);
}

#endif

TEST_CASE("every kill point is walked to") {
    std::map<std::string, std::size_t> counts;
    for (const std::string& point : kill_points())
        ++counts[part_of_kill_point(point)];
    std::size_t walked = 0;
    std::string told;
    for (const auto& parts : walks) {
        for (const std::string& part : parts) {
            CAPTURE(part);
            CHECK(counts.contains(part));
            walked += counts[part];
            told += " " + part + " " + std::to_string(counts[part]);
        }
    }
    CHECK(walked == kill_points().size());
    for (const auto& [point, way] : ways()) {
        CAPTURE(point);
        CHECK(std::ranges::count(kill_points(), point) == 1);
    }
    MESSAGE(walked << " kill points:" << told);
}

TEST_CASE("the daemon has kill points, and a release has none") {
#ifdef GENSPOOL_KILL_POINTS
    constexpr bool compiled_in = true;
#else
    constexpr bool compiled_in = false;
#endif
    std::ifstream file(program("genspoold"), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)),
                            std::istreambuf_iterator<char>());
    for (const std::string& point : kill_points()) {
        CAPTURE(point);
        CHECK((bytes.find(point) != std::string::npos) == compiled_in);
    }
}
