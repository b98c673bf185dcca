#include "daemon/sealed_file.hpp"

#include <doctest/doctest.h>

using namespace genspool::daemon;

namespace {

FileIdentity identity(std::int64_t born_ns) {
    FileIdentity identity;
    identity.device = 1;
    identity.inode = 7;
    identity.changed_ns = 1'000;
    identity.bytes = 10;
    identity.born_ns = born_ns;
    return identity;
}

FileIdentity written_to(FileIdentity identity) {
    identity.changed_ns += 5'000;
    identity.bytes += 3;
    return identity;
}

struct World {
    SealedFile sealed;
    int hashed = 0;

    explicit World(std::int64_t born_ns) {
        sealed.name = "films.jsonl";
        sealed.identity = identity(born_ns);
        sealed.content_hash = "films";
    }
    bool is_it(const std::string& name, const FileIdentity& now, const std::string& bytes) {
        const auto hash = [&] {
            ++hashed;
            return bytes;
        };
        return is_sealed_file(sealed, name, now, hash);
    }
};

}  // namespace

TEST_CASE("with the inode and the birth of a sealed file it is that one, whatever became of it") {
    World world(500);
    const FileIdentity now = written_to(identity(500));
    CHECK(world.is_it("films.jsonl", now, "films and more"));
    CHECK(world.is_it("songs.jsonl", now, "films and more"));
    CHECK(world.hashed == 0);
}

TEST_CASE("with its inode and another birth it is another file, unless it is its copy") {
    World world(500);
    const FileIdentity now = written_to(identity(900));
    CHECK_FALSE(world.is_it("songs.jsonl", now, "songs"));
    CHECK_FALSE(world.is_it("films.jsonl", now, "other films"));
    // What is dropped under another name is meant to be bought.
    CHECK_FALSE(world.is_it("again.jsonl", now, "films"));
    CHECK(world.is_it("films.jsonl", now, "films"));
    // Times may be copied along.
    CHECK_FALSE(world.is_it("songs.jsonl", identity(900), "songs"));
}

TEST_CASE("where births are not told, the name, the times or the bytes must agree too") {
    for (const bool then : {false, true}) {
        World world(then ? 500 : 0);
        const FileIdentity same = identity(then ? 0 : 500);
        CHECK(world.is_it("films.jsonl", written_to(same), "films and more"));
        CHECK(world.is_it("songs.jsonl", same, "films"));
        CHECK(world.hashed == 0);
        CHECK(world.is_it("songs.jsonl", written_to(same), "films"));
        CHECK_FALSE(world.is_it("songs.jsonl", written_to(same), "songs"));
    }
}

TEST_CASE("with another inode only a copy under the old name is the sealed file") {
    World world(500);
    FileIdentity copy = identity(900);
    copy.inode = 8;
    CHECK(world.is_it("films.jsonl", copy, "films"));
    CHECK_FALSE(world.is_it("films.jsonl", copy, "other films"));
    CHECK_FALSE(world.is_it("again.jsonl", copy, "films"));
}
