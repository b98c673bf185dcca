#include "daemon/import_reader.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temporary_directory.hpp"

using namespace genspool::daemon;
using genspool::tests::TemporaryDirectory;
using genspool::workers::Descriptor;

namespace {

struct World {
    TemporaryDirectory directory;
    std::string path = directory.path("file");

    void write(std::string_view bytes) { std::ofstream(path, std::ios::binary) << bytes; }
    Descriptor open() const { return Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)); }
};

ImportLimits small_chunks() {
    ImportLimits limits;
    limits.chunk_pieces_max = 3;
    limits.piece_bytes_max = 64;
    return limits;
}

ImportProgress progress_of(const ImportChunk& chunk) {
    return ImportProgress{chunk.offset, chunk.line, 0, chunk.sha256};
}

std::vector<std::string> rest_of(ImportReader& reader) {
    std::vector<std::string> texts;
    ImportChunk chunk;
    while (!chunk.last) {
        chunk = reader.next();
        for (const Piece& piece : chunk.pieces)
            texts.push_back(piece.text);
    }
    return texts;
}

}  // namespace

TEST_CASE("a file comes in chunks whose last one hashes the whole file") {
    World world;
    world.write("\xEF\xBB\xBF{\"a\":1}\n\n{\"a\":2}\r\n{\"a\":3}\n{\"a\":4}");
    ImportReader reader(world.open(), LineSplitter(64), small_chunks());

    const ImportChunk first = reader.next();
    REQUIRE(first.pieces.size() == 3);
    CHECK(first.pieces[0].text == "{\"a\":1}");
    CHECK(first.pieces[2].number == 4);
    CHECK_FALSE(first.last);
    const ImportChunk second = reader.next();
    CHECK(second.pieces.size() == 1);
    CHECK(second.last);
    CHECK(second.sha256 == hash_file(world.open().get()));
    CHECK(second.offset == std::filesystem::file_size(world.path));
}

namespace {

void check_resuming(World& world, const ImportReader::Splitter& splitter) {
    ImportReader whole(world.open(), splitter, small_chunks());
    const auto all = rest_of(whole);
    ImportReader former(world.open(), splitter, small_chunks());
    std::size_t done = 0;
    ImportChunk chunk;
    while (!chunk.last) {
        chunk = former.next();
        done += chunk.pieces.size();
        ImportReader later(world.open(), splitter, small_chunks());
        REQUIRE(later.resume(progress_of(chunk)));
        auto rest = rest_of(later);
        rest.insert(rest.begin(), all.begin(), all.begin() + static_cast<long>(done));
        CHECK(rest == all);
    }
}

}  // namespace

TEST_CASE("an import goes on after every chunk of a former one") {
    World world;
    std::string text;
    for (int n = 0; n < 10; ++n)
        text += "{\"n\":" + std::to_string(n) + "}\n";
    world.write(text + "{\"last\":true}");
    check_resuming(world, LineSplitter(64));
    world.write("[{\"n\":1}, {\"n\":2} ,{\"n\":[3]}\n,{\"n\":4},5]\n ");
    check_resuming(world, ArraySplitter(64));
    world.write(" {\"n\":1}\n");
    check_resuming(world, ArraySplitter(64));
    world.write("n,m\n1,2\n\"a\nb\",4\n5,6\n7,8,9\n9,10");
    check_resuming(world, TableSplitter(64));
    world.write("Once upon a time.\n");
    check_resuming(world, TextSplitter(640, {{"request", boost::json::object()}}));
}

TEST_CASE("a beginning that has changed is noticed") {
    World world;
    world.write("{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n");
    ImportReader former(world.open(), LineSplitter(64), small_chunks());
    const ImportProgress progress = progress_of(former.next());

    world.write("{\"n\":1}\n{\"n\":7}\n{\"n\":3}\n{\"n\":4}\n");
    ImportReader changed(world.open(), LineSplitter(64), small_chunks());
    CHECK_FALSE(changed.resume(progress));

    world.write("{\"n\":1}\n");
    ImportReader shorter(world.open(), LineSplitter(64), small_chunks());
    CHECK_FALSE(shorter.resume(progress));
}

TEST_CASE("what is no text is told at its first line") {
    World world;
    world.write(std::string("\x1f\x8b\x08\x00\xff\n{}\n", 9));
    ImportReader reader(world.open(), LineSplitter(64), small_chunks());

    const ImportChunk chunk = reader.next();

    REQUIRE(chunk.unreadable.has_value());
    CHECK(chunk.unreadable->line == 1);
}

TEST_CASE("broken JSON is told with its line") {
    World world;
    world.write("[\n{},\n{} {}]");
    ImportReader reader(world.open(), ArraySplitter(64), small_chunks());

    const ImportChunk chunk = reader.next();

    REQUIRE(chunk.unreadable.has_value());
    CHECK(chunk.unreadable->line == 3);
}

TEST_CASE("progress is read back as it was written") {
    const ImportProgress progress{1'234'567'890'123, 7, 6, std::string(64, 'a')};
    CHECK(parse_progress(show_progress(progress)) == progress);
    CHECK_FALSE(parse_progress("").has_value());
    CHECK_FALSE(
        parse_progress("{\"offset\":-1,\"line\":1,\"readable\":0,\"sha256\":\"\"}").has_value());
}

TEST_CASE("a big file is read in bounded chunks") {
    World world;
    std::string text;
    for (int n = 0; n < 100'000; ++n)
        text += "{\"number\":" + std::to_string(n) + "}\n";
    world.write(text);
    ImportReader reader(world.open(), LineSplitter(1U << 20U), ImportLimits{});

    std::size_t pieces = 0;
    ImportChunk chunk;
    while (!chunk.last) {
        chunk = reader.next();
        CHECK(chunk.pieces.size() <= 512);
        pieces += chunk.pieces.size();
    }
    CHECK(pieces == 100'000);
}
