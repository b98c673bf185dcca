#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "daemon/batch_notes.hpp"
#include "daemon/inbox_folders.hpp"
#include "tests/daemon/inbox_world.hpp"
#include "tests/support/job_factory.hpp"
#include "workers/digest.hpp"

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

/// The batch of films.jsonl, a file that had this identity, is sealed and the file not moved.
void seal_films(InboxWorld& world, const daemon::FileIdentity& identity) {
    queue::OpenBatch open;
    open.source = queue::BatchSource::inbox;
    open.name = "films.jsonl";
    open.principal = "inbox";
    open.identity = identity.text();
    const auto batch = std::get<queue::BatchOpened>(world.ask(open).body).batch;
    queue::AdmitChunk chunk;
    chunk.batch = batch;
    chunk.jobs.emplace_back(1, tests::video_job());
    world.ask(chunk);
    queue::NoteBatch note;
    note.batch = batch;
    note.name = daemon::note_stem;
    note.value = "films";
    world.ask(note);
    queue::Seal seal;
    seal.batch = batch;
    seal.content_hash = workers::sha256_hex("films");
    world.ask(seal);
    REQUIRE(world.only_batch().sealed);
}

/// The sealed file makes room for another one, of three lines. False: the file system has neither
/// another inode for it nor another time of birth, so nobody could tell the two apart.
bool replace_films(InboxWorld& world, const daemon::InboxFolders& folders,
                   const std::string& by_name) {
    const daemon::FileIdentity films = folders.look("films.jsonl")->identity;
    fs::remove(world.state.path("inbox/films.jsonl"));
    world.drop(by_name, job_lines(3));
    const daemon::FileIdentity other = folders.look(by_name)->identity;
    if (other.file() != films.file()) MESSAGE("the inode was not given to the next file");
    return !other.same_file(films);
}

void check_both(InboxWorld& world, const std::string& place) {
    const auto batches = world.batches(false);
    REQUIRE(batches.size() == 2);
    CHECK(batches[0].accepted == 3);
    CHECK(daemon::note_of(batches[0], daemon::note_file) == place);
    CHECK(daemon::note_of(batches[1], daemon::note_file) == "gone");
    CHECK(world.exists(place));
    CHECK(world.names("inbox").empty());
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

TEST_CASE("another file with the inode of a sealed one that was taken away is its own batch") {
    InboxWorld world;
    const daemon::InboxFolders folders(world.state.path(), "");
    world.drop("songs.jsonl", job_lines(3));
    daemon::FileIdentity films = folders.look("songs.jsonl")->identity;
    films.changed_ns -= 1'000'000'000;
    films.bytes += 1;
    SUBCASE("where births are told") {
        if (films.born_ns != 0) films.born_ns -= 1'000'000'000;
    }
    SUBCASE("where they are not, or were not then") {
        films.born_ns = 0;
    }
    seal_films(world, films);

    world.start_inbox();
    world.advance(35s);

    check_both(world, "accepted/songs.jsonl");
}

TEST_CASE("so is one that came into its place while nobody was there") {
    InboxWorld world;
    run_until_cut(world, 8);
    const daemon::InboxFolders folders(world.state.path(), "");
    std::string name;
    std::string place;
    SUBCASE("under another name") {
        name = "songs.jsonl";
        place = "accepted/songs.jsonl";
    }
    SUBCASE("under the same one") {
        name = "films.jsonl";
        place = "accepted/films~2.jsonl";
    }
    if (!replace_films(world, folders, name)) return;

    world.start_inbox();
    world.advance(35s);

    check_both(world, place);
}

TEST_CASE("and one that came while the sealed file could not be moved") {
    InboxWorld world;
    const daemon::InboxFolders folders(world.state.path(), "");
    world.start_inbox();
    fs::remove(world.state.path("accepted"));
    world.drop("films.jsonl", job_lines(10));
    world.quiesce();
    REQUIRE(world.only_batch().sealed);
    std::string name;
    std::string place;
    SUBCASE("under another name") {
        name = "songs.jsonl";
        place = "accepted/songs.jsonl";
    }
    SUBCASE("under the same one") {
        name = "films.jsonl";
        place = "accepted/films~2.jsonl";
    }
    if (!replace_films(world, folders, name)) return;
    world.advance(35s);
    world.stop();

    world.start_inbox();
    world.advance(35s);

    check_both(world, place);
}

TEST_CASE("a sealed file that was renamed and written to before it could be moved is only moved") {
    InboxWorld world;
    run_until_cut(world, 8);
    const daemon::InboxFolders folders(world.state.path(), "");
    if (folders.look("films.jsonl")->identity.born_ns == 0) return;  // nobody can tell
    fs::rename(world.state.path("inbox/films.jsonl"), world.state.path("inbox/movies.jsonl"));
    world.append("inbox/movies.jsonl", job_lines(1));

    world.start_inbox();
    world.advance(35s);

    check_taken_once(world);
}
