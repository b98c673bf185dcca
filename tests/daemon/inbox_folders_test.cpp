#include "daemon/inbox_folders.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "tests/support/temporary_directory.hpp"

using namespace genspool::daemon;
namespace fs = std::filesystem;

namespace {

struct World {
    genspool::tests::TemporaryDirectory state;
    InboxFolders folders{state.path(), ""};

    void write(const std::string& name, std::string_view bytes) {
        std::ofstream(state.path(name), std::ios::binary) << bytes;
    }
    std::string read(const std::string& name) const {
        std::ifstream in(state.path(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    bool exists(const std::string& name) const {
        return fs::exists(fs::symlink_status(state.path(name)));
    }
};

}  // namespace

TEST_CASE("names are sorted, and those in the making left out") {
    World world;
    for (const char* name : {"inbox/b.jsonl", "inbox/a.json", "inbox/.c.jsonl", "inbox/d.part"}) {
        world.write(name, "x");
    }
    CHECK(world.folders.names() == std::vector<std::string>{"a.json", "b.jsonl"});
}

TEST_CASE("links and pipes are seen for what they are") {
    World world;
    fs::create_symlink("/etc/passwd", world.state.path("inbox/link.jsonl"));
    REQUIRE(::mkfifo(world.state.path("inbox/pipe.jsonl").c_str(), 0600) == 0);
    fs::create_directory(world.state.path("inbox/folder.jsonl"));

    CHECK(world.folders.look("link.jsonl")->form == FileForm::special);
    CHECK(world.folders.look("pipe.jsonl")->form == FileForm::special);
    CHECK(world.folders.look("folder.jsonl")->form == FileForm::directory);
    CHECK_FALSE(world.folders.look("nothing").has_value());
    CHECK(world.folders.open("link.jsonl").error.value() != 0);
}

TEST_CASE("what cannot be opened for the moment is not said to be no good") {
    World world;
    world.write("inbox/a.jsonl", "{}\n");
    rlimit descriptors{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &descriptors) == 0);
    const rlimit none{0, descriptors.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    std::error_code thrown;
    try {
        world.folders.open("a.jsonl");
    } catch (const std::system_error& error) {
        thrown = error.code();
    }
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &descriptors) == 0);
    CHECK(thrown == std::errc::too_many_files_open);
    CHECK_FALSE(world.folders.open("a.jsonl").error);
}

TEST_CASE("a writer is noticed while it has the file open") {
    World world;
    world.write("inbox/a.jsonl", "{}\n");
    const FileOpened opened = world.folders.open("a.jsonl");
    CHECK_FALSE(InboxFolders::has_writer(opened.file.get()));

    const genspool::workers::Descriptor writer(
        ::open(world.state.path("inbox/a.jsonl").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    // Where leases are not permitted it cannot be asked, and age alone decides.
    if (::fcntl(opened.file.get(), F_SETLEASE, F_RDLCK) != 0 && errno == EAGAIN) {
        CHECK(InboxFolders::has_writer(opened.file.get()));
    }
}

TEST_CASE("accepted files keep their names, a taken one gets a number") {
    World world;
    world.write("inbox/a.jsonl", "new");
    world.write("accepted/a.jsonl", "old");
    const FileIdentity identity = world.folders.look("a.jsonl")->identity;

    const FileMoved moved = world.folders.accept("a.jsonl", "a", identity);

    CHECK(moved.how == FileMoved::How::moved);
    CHECK(moved.path == "accepted/a~2.jsonl");
    CHECK(world.read("accepted/a.jsonl") == "old");
    CHECK(world.read("accepted/a~2.jsonl") == "new");
    CHECK(world.folders.find_accepted(identity) == "accepted/a~2.jsonl");
    CHECK(world.folders.accept("a.jsonl", "a", identity).how == FileMoved::How::gone);
}

TEST_CASE("another file under the name stays where it is") {
    World world;
    world.write("inbox/a.jsonl", "one");
    const FileIdentity identity = world.folders.look("a.jsonl")->identity;
    world.write("inbox/b.jsonl", "two");
    fs::rename(world.state.path("inbox/b.jsonl"), world.state.path("inbox/a.jsonl"));

    CHECK(world.folders.accept("a.jsonl", "a", identity).how == FileMoved::How::another);
    CHECK(world.read("inbox/a.jsonl") == "two");
}

TEST_CASE("a file has the birth it had, whatever is written to it, and another file another") {
    World world;
    world.write("inbox/a.jsonl", "one");
    const FileIdentity before = world.folders.look("a.jsonl")->identity;
    if (before.born_ns == 0) {
        MESSAGE("births are not told here");
        return;
    }
    CHECK(world.folders.open("a.jsonl").identity == before);
    world.write("inbox/a.jsonl", "longer");
    FileIdentity after = world.folders.look("a.jsonl")->identity;
    CHECK(after.born_ns == before.born_ns);
    CHECK(after.same_file(before));
    CHECK(after != before);

    after = before;
    CHECK(after.text() == before.text());
    after.born_ns = 0;
    CHECK(after == before);
    CHECK(before.text() == after.text() + ":" + std::to_string(before.born_ns));
    after.born_ns = before.born_ns + 1;
    CHECK_FALSE(after.same_file(before));
    CHECK(after != before);
    CHECK(after.file() == before.file());
}

TEST_CASE("a stem is free only if no file of any batch stands in its way") {
    World world;
    unsigned n = 1;
    CHECK(world.folders.free_stem("a.jsonl", n) == "a");
    world.write("accepted/a.json", "");
    world.write("results/a~2.errors.jsonl", "");
    world.write("results/a~3.done", "");
    CHECK(world.folders.free_stem("a.jsonl", n) == "a~4");
    CHECK(n == 4);

    unsigned first = 1;
    CHECK(world.folders.free_stem("a.errors.jsonl", first) == "a.errors~2");
}

TEST_CASE("a rejected file lies beside its reason") {
    World world;
    world.write("rejected/a.csv", "old");
    world.write("inbox/a.csv", "x,y");
    world.folders.reject("a.csv", {}, "not_available: later\n");

    CHECK(world.read("rejected/a.csv") == "old");
    CHECK(world.read("rejected/a~2.csv") == "x,y");
    CHECK(world.read("rejected/a~2.csv.error.txt") == "not_available: later\n");
    CHECK_FALSE(world.exists("inbox/a.csv"));
}

TEST_CASE("what took the name of a file that was judged is not rejected in its place") {
    World world;
    world.write("inbox/a.jsonl", "one");
    const FileIdentity judged = world.folders.look("a.jsonl")->identity;
    world.write("inbox/b.jsonl", "two");
    fs::rename(world.state.path("inbox/b.jsonl"), world.state.path("inbox/a.jsonl"));

    CHECK_FALSE(world.folders.reject("a.jsonl", judged, "why\n"));
    CHECK(world.read("inbox/a.jsonl") == "two");
    CHECK(fs::is_empty(world.state.path("rejected")));
    CHECK(world.folders.reject("a.jsonl", world.folders.look("a.jsonl")->identity, "why\n"));
    CHECK(world.read("rejected/a.jsonl") == "two");
    CHECK(world.folders.reject("a.jsonl", judged, "why\n"));  // gone: there is nothing to do
}

TEST_CASE("what was copied from another file system before a kill is known again") {
    const World world;
    const auto place = genspool::tests::place_on_another_disk(world.state.path());
    if (!place) {
        MESSAGE("there is but one file system here");
        return;
    }
    const genspool::tests::TemporaryDirectory inbox(*place);
    const InboxFolders folders(world.state.path(), inbox.path());
    const auto drop = [&inbox](std::string_view bytes) {
        std::ofstream(inbox.path("a.jsonl"), std::ios::binary) << bytes;
        fs::last_write_time(inbox.path("a.jsonl"), fs::file_time_type(std::chrono::hours(1)));
    };
    const auto accept = [&folders] {
        return folders.accept("a.jsonl", "a", folders.look("a.jsonl")->identity).path;
    };
    drop("one");
    CHECK(accept() == "accepted/a.jsonl");
    CHECK_FALSE(fs::exists(inbox.path("a.jsonl")));

    // As if it had been killed before it took the original away.
    drop("one");
    CHECK(accept() == "accepted/a.jsonl");
    CHECK_FALSE(fs::exists(inbox.path("a.jsonl")));
    CHECK_FALSE(world.exists("accepted/a~2.jsonl"));

    drop("two");
    CHECK(accept() == "accepted/a~2.jsonl");
    CHECK(world.read("accepted/a~2.jsonl") == "two");
    CHECK(world.read("accepted/a.jsonl") == "one");
}

TEST_CASE("a rejected link is moved, not followed") {
    World world;
    world.write("target", "untouched");
    fs::create_symlink(world.state.path("target"), world.state.path("inbox/link.jsonl"));
    world.folders.reject("link.jsonl", {}, "why\n");

    CHECK(fs::is_symlink(world.state.path("rejected/link.jsonl")));
    CHECK(world.read("target") == "untouched");
}
