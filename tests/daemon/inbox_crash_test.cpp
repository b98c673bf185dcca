#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "daemon/batch_notes.hpp"
#include "tests/daemon/inbox_world.hpp"

/// The watch folder's life is cut off before every command to the queue, and begun again.
using namespace genspool;
using namespace std::chrono_literals;
using tests::InboxWorld;
using tests::job_lines;
namespace fs = std::filesystem;

namespace {

/// One import of ten lines in five chunks, cut off after so many commands. False: it was not cut.
bool run_until_cut(InboxWorld& world, int commands) {
    world.inbox_options.limits.chunk_pieces_max = 2;
    world.drop("films.jsonl", job_lines(10));
    world.age("inbox/films.jsonl", 1h);
    world.queue.cut_after(commands);
    world.start_inbox();
    const bool cut = world.queue.was_cut();
    world.stop();
    world.queue.cut_after(std::nullopt);
    return cut;
}

void check_taken_once(InboxWorld& world) {
    const auto batches = world.batches(false);
    REQUIRE(batches.size() == 1);
    std::vector<std::string> ids;
    for (const auto& job : world.jobs(batches.front().seq))
        ids.push_back(job.spec.custom_id);
    std::sort(ids.begin(), ids.end());
    CHECK(std::unique(ids.begin(), ids.end()) == ids.end());
    CHECK(ids.size() == 10);
    CHECK(world.names("accepted") == std::vector<std::string>{"films.jsonl"});
    CHECK(world.names("inbox").empty());
    CHECK(daemon::note_of(batches.front(), daemon::note_file) == "accepted/films.jsonl");
}

}  // namespace

TEST_CASE("an import that is cut off before any command goes on and is taken exactly once") {
    bool cut = true;
    for (int commands = 0; cut; ++commands) {
        CAPTURE(commands);
        InboxWorld world;
        cut = run_until_cut(world, commands);
        world.start_inbox();
        world.advance(35s);
        check_taken_once(world);
        REQUIRE(commands < 50);
    }
}

TEST_CASE("an import goes on from the chunk it had come to") {
    InboxWorld world;
    run_until_cut(world, 4);  // opened, three chunks
    const auto half = world.only_batch();
    CHECK_FALSE(half.sealed);
    CHECK(half.accepted == 6);
    const int before = world.queue.commands();

    world.start_inbox();

    CHECK(world.only_batch().seq == half.seq);
    // Opened, two chunks, the name, the seal, the place.
    CHECK(world.queue.commands() - before == 6);
    check_taken_once(world);
}

TEST_CASE("a half import whose file was changed, replaced or taken away is dropped whole") {
    for (const char* fate : {"changed", "replaced", "removed"}) {
        CAPTURE(fate);
        InboxWorld world;
        run_until_cut(world, 4);
        if (std::string(fate) == "changed") world.write("inbox/films.jsonl", job_lines(4));
        if (std::string(fate) == "replaced") world.drop("films.jsonl", job_lines(4));
        if (std::string(fate) == "removed") fs::remove(world.state.path("inbox/films.jsonl"));
        world.start_inbox();
        world.advance(35s);

        const auto batches = world.batches(false);
        if (std::string(fate) == "removed") {
            CHECK(batches.empty());
        } else {
            REQUIRE(batches.size() == 1);
            CHECK(batches.front().accepted == 4);
        }
    }
}

TEST_CASE("a sealed file that was touched before it could be moved is not bought a second time") {
    InboxWorld world;
    run_until_cut(world, 8);  // opened, five chunks, the name, the seal
    REQUIRE(world.only_batch().sealed);
    REQUIRE(world.exists("inbox/films.jsonl"));
    world.age("inbox/films.jsonl", 1min);

    world.start_inbox();
    world.advance(35s);

    check_taken_once(world);
}

TEST_CASE("a sealed file that was written to before it could be moved is not bought again") {
    InboxWorld world;
    run_until_cut(world, 8);
    world.append("inbox/films.jsonl", job_lines(1));

    world.start_inbox();
    world.advance(35s);

    check_taken_once(world);
}

TEST_CASE("nor is one that cannot be moved for a while, whatever is written to it") {
    InboxWorld world;
    world.start_inbox();
    fs::remove(world.state.path("accepted"));
    world.drop("films.jsonl", job_lines(10));
    world.quiesce();
    REQUIRE(world.only_batch().sealed);
    world.append("inbox/films.jsonl", job_lines(1));
    world.advance(35s);
    CHECK(world.only_batch().accepted == 10);
    world.stop();

    world.start_inbox();
    world.advance(35s);

    check_taken_once(world);
}

TEST_CASE("a sealed file that was moved but not noted is found in accepted") {
    InboxWorld world;
    run_until_cut(world, 8);
    fs::rename(world.state.path("inbox/films.jsonl"), world.state.path("accepted/films.jsonl"));

    world.start_inbox();

    check_taken_once(world);
}

TEST_CASE("another file under the name of a sealed one is a batch of its own") {
    InboxWorld world;
    run_until_cut(world, 8);
    world.drop("films.jsonl", job_lines(3));

    world.start_inbox();
    world.advance(35s);

    const auto batches = world.batches(false);
    REQUIRE(batches.size() == 2);
    CHECK(batches[0].accepted == 3);
    CHECK(daemon::note_of(batches[1], daemon::note_file) == "gone");
    CHECK(world.exists("accepted/films~2.jsonl"));
}
