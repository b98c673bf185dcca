#include "daemon/results_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "proto/ids.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace genspool::daemon;
using genspool::proto::Instant;
using genspool::proto::JobId;
using genspool::proto::JobSeq;
namespace fs = std::filesystem;

namespace {

struct World {
    genspool::tests::TemporaryDirectory directory;
    ResultsFolder folder{directory.path()};

    void write(const std::string& name, std::string_view bytes) {
        std::ofstream(directory.path(name), std::ios::binary) << bytes;
    }
    std::string read(const std::string& name) {
        std::ifstream in(directory.path(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    bool exists(const std::string& name) { return fs::exists(directory.path(name)); }
};

std::string line(std::uint64_t job, std::uint64_t end, const std::string& text) {
    const JobId id =
        JobId::make(Instant{std::chrono::milliseconds(1'700'000'000'000)}, JobSeq{job}, 7);
    return R"({"id":")" + id.text() + R"(","custom_id":")" + text + R"(","end":)" +
           std::to_string(end) + "}\n";
}

}  // namespace

TEST_CASE("a note is read back as it was written") {
    const ResultsNote note{123, 45, ResultsNote::Phase::renaming, true};
    CHECK(show_results_note(note) == "123:45:renaming:again");
    CHECK(parse_results_note(show_results_note(note)) == note);
    CHECK(parse_results_note("0:0:open") == ResultsNote{});
    for (const char* text : {"", "1", "1:2", "1:2:somewhere", "a:2:open", "1:-2:open"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_results_note(text).has_value());
    }
}

TEST_CASE("lines that were never committed are written over, not doubled") {
    World world;
    const ResultsNote first = world.folder.append("a", {}, {"one\n", "bad\n"});
    CHECK(first == ResultsNote{4, 4});
    world.folder.append("a", first, {"two\n", ""});

    const ResultsNote again = world.folder.append("a", first, {"TWO\nthree\n", ""});

    CHECK(world.read("a.jsonl") == "one\nTWO\nthree\n");
    CHECK(world.read("a.errors.jsonl") == "bad\n");
    CHECK(again == ResultsNote{14, 4});
}

TEST_CASE("a start cuts off what was never committed") {
    World world;
    const ResultsNote note = world.folder.append("a", {}, {"one\n", ""});
    world.write("a.jsonl", "one\nhalf a li");
    world.write("a.errors.jsonl", "half");

    world.folder.restore("a", note);

    CHECK(world.read("a.jsonl") == "one\n");
    CHECK(world.read("a.errors.jsonl").empty());
}

TEST_CASE("a file that was taken away begins anew") {
    World world;
    const ResultsNote note = world.folder.append("a", {}, {"one\n", ""});
    fs::remove(world.directory.path("a.jsonl"));

    CHECK(world.folder.append("a", note, {"two\n", ""}).results == 4);
    CHECK(world.read("a.jsonl") == "two\n");
}

TEST_CASE("clean files have one line a job, the last one, in the order of admission") {
    World world;
    const std::string refused = R"({"id":null,"custom_id":null,"end":0})"
                                "\n";
    ResultLines lines;
    lines.results = line(9, 30, "nine") + line(2, 50, "two again") + line(2, 40, "two");
    lines.errors = refused + line(9, 20, "nine failed") + line(4, 60, "four") + refused;
    ResultsNote note = world.folder.append("a", {}, lines);
    world.write("a.jsonl", lines.results + "not committed\n");

    note = world.folder.rewrite("a", note);
    CHECK(note.phase == ResultsNote::Phase::renaming);
    CHECK(world.read("a.errors.jsonl") == lines.errors);
    world.folder.rename_clean("a", note);

    CHECK(world.read("a.jsonl") == line(2, 50, "two again") + line(9, 30, "nine"));
    CHECK(world.read("a.errors.jsonl") == refused + refused + line(4, 60, "four"));
    CHECK(note.results == world.read("a.jsonl").size());
    CHECK(note.errors == world.read("a.errors.jsonl").size());
}

TEST_CASE("lines that cannot be read now are not taken for none") {
    World world;
    const ResultsNote note = world.folder.append("a", {}, {line(1, 5, "one"), ""});
    fs::rename(world.directory.path("a.jsonl"), world.directory.path("away"));
    fs::create_symlink("away", world.directory.path("a.jsonl"));

    CHECK_THROWS_AS(world.folder.rewrite("a", note), std::system_error);

    CHECK(world.read("away") == line(1, 5, "one"));
}

TEST_CASE("a renaming that was cut off between the two files is completed at the start") {
    World world;
    ResultLines lines;
    lines.results = line(1, 9, "one");
    lines.errors = line(1, 5, "one failed");
    ResultsNote note = world.folder.append("a", {}, lines);
    note = world.folder.rewrite("a", note);
    fs::rename(world.directory.path(".a.jsonl.new"), world.directory.path("a.jsonl"));

    world.folder.restore("a", note);

    CHECK(world.read("a.jsonl") == line(1, 9, "one"));
    CHECK_FALSE(world.exists("a.errors.jsonl"));
    CHECK_FALSE(world.exists(".a.errors.jsonl.new"));
    world.folder.restore("a", note);
    CHECK(world.read("a.jsonl") == line(1, 9, "one"));
}

TEST_CASE("done comes with a results file, even an empty one, and can be taken away") {
    World world;
    world.folder.write_done("a", "{}\n");
    CHECK(world.read("a.done") == "{}\n");
    CHECK(world.exists("a.jsonl"));
    world.folder.remove_done("a");
    world.folder.remove_done("a");
    CHECK_FALSE(world.exists("a.done"));
}

TEST_CASE("lines longer than a block are found") {
    World world;
    ResultLines lines;
    lines.results = line(2, 7, std::string(700'000, 'x')) + line(1, 8, "one");
    ResultsNote note = world.folder.append("a", {}, lines);

    note = world.folder.rewrite("a", note);
    world.folder.rename_clean("a", note);

    CHECK(world.read("a.jsonl") == line(1, 8, "one") + line(2, 7, std::string(700'000, 'x')));
}
