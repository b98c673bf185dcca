#include <doctest/doctest.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/run.hpp"
#include "tests/support/temporary_directory.hpp"
#include "workers/digest.hpp"
#include "workers/local_files.hpp"

namespace asio = boost::asio;
namespace fs = std::filesystem;
using genspool::tests::run;
using genspool::tests::TemporaryDirectory;
using namespace genspool::workers;

namespace {

/// Each way of keeping paths beneath the root, with each way of renaming.
std::vector<LocalFilesOptions> all_ways() {
    return {{Resolve::automatic, false, nullptr}, {Resolve::by_component, true, nullptr}};
}

struct World {
    explicit World(LocalFilesOptions options) : files(pool, root.path("base"), options) {}

    asio::io_context io;
    TemporaryDirectory outside;
    struct Root : TemporaryDirectory {
        Root() { fs::create_directory(path("base")); }
    } root;
    FilePool pool;
    LocalFiles files;

    std::string base(const std::string& name) const { return root.path("base/" + name); }

    std::string content(const std::string& name) const {
        std::ifstream stream(base(name), std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    void put(const std::string& name, const std::string& bytes) const {
        std::ofstream(base(name), std::ios::binary) << bytes;
    }
};

asio::awaitable<void> write_pieces(Files& files) {
    auto opened = co_await files.create("a/b/clip.part");
    REQUIRE_FALSE(opened.error);
    std::error_code error = co_await opened.file->append("one ");
    CHECK_FALSE(error);
    error = co_await opened.file->append(std::string(300'000, 'x'));
    CHECK_FALSE(error);
    error = co_await opened.file->sync();
    CHECK_FALSE(error);
    CHECK(opened.file->size() == 300'004);
    opened.file.reset();

    error = co_await files.sync("a/b/clip.part");
    CHECK_FALSE(error);
    error = co_await files.sync("a/b/none.part");
    CHECK(error == std::errc::no_such_file_or_directory);

    const auto taken = co_await files.create("a/b/clip.part");
    CHECK(taken.error == std::errc::file_exists);
    CHECK_FALSE(taken.file);
}

asio::awaitable<void> store_twice(Files& files) {
    for (const std::string bytes : {"a longer text", "short"}) {
        const std::error_code error = co_await files.store("c/d/small.part", bytes);
        CHECK_FALSE(error);
        const auto there = co_await files.read("c/d/small.part", 100);
        CHECK(there.bytes == bytes);
    }
}

asio::awaitable<void> read_back(Files& files) {
    const auto whole = co_await files.read("text", 11);
    CHECK_FALSE(whole.error);
    CHECK(whole.bytes == "hello world");
    const auto longer = co_await files.read("text", 10);
    CHECK(longer.error == std::errc::file_too_large);
    const auto head = co_await files.read_head("text", 5);
    CHECK(head.bytes == "hello");
    const auto all = co_await files.read_head("text", 500);
    CHECK(all.bytes == "hello world");
    const auto digest = co_await files.digest("text");
    CHECK(digest.bytes == 11);
    CHECK(digest.sha256 == sha256_hex("hello world"));
    const auto missing = co_await files.digest("none");
    CHECK(missing.error == std::errc::no_such_file_or_directory);
    const auto fifo = co_await files.read("fifo", 10);
    CHECK(fifo.error == std::errc::invalid_argument);
}

asio::awaitable<void> rename_twice(Files& files) {
    std::error_code error = co_await files.rename("first", "deep/er/name");
    CHECK_FALSE(error);
    error = co_await files.rename("second", "deep/er/name");
    CHECK(error == std::errc::file_exists);
    error = co_await files.rename("third", "anywhere");
    CHECK(error == std::errc::no_such_file_or_directory);
    error = co_await files.remove("second");
    CHECK_FALSE(error);
    error = co_await files.remove("second");
    CHECK_FALSE(error);
    error = co_await files.remove("no/such/directory");
    CHECK_FALSE(error);
    error = co_await files.sync_directory("deep/er");
    CHECK_FALSE(error);
    const auto names = co_await files.list("");
    CHECK(names == std::vector<std::string>{"deep", "other"});
    const auto none = co_await files.list("nowhere");
    CHECK(none.empty());
    auto made = co_await files.create("deep/er/still/.x.part");
    CHECK_FALSE(made.error);
    made = co_await files.create("deep/y.part");
    CHECK_FALSE(made.error);
    const auto parts = co_await files.find("deep", ".part");
    CHECK(parts == std::vector<std::string>{"deep/er/still/.x.part", "deep/y.part"});
    const auto nothing = co_await files.find("nowhere", ".part");
    CHECK(nothing.empty());
}

asio::awaitable<void> try_to_escape(Files& files, std::string path) {
    CAPTURE(path);
    const auto written = co_await files.create(path);
    CHECK(written.error == std::errc::cross_device_link);
    const auto read = co_await files.read(path, 100);
    CHECK(read.error == std::errc::cross_device_link);
    std::error_code error = co_await files.rename("inside", path);
    CHECK(error == std::errc::cross_device_link);
    error = co_await files.rename(path, "taken-in");
    CHECK(error == std::errc::cross_device_link);
}

asio::awaitable<void> fill_the_disk(Files& files, SpaceQuota& quota) {
    const auto before = co_await files.space_left();
    CHECK(before == 10);
    auto opened = co_await files.create("big");
    std::error_code error = co_await opened.file->append("12345678");
    CHECK_FALSE(error);
    error = co_await opened.file->append("abcdef");
    CHECK(error == std::errc::no_space_on_device);
    CHECK(opened.file->size() == 10);
    const auto after = co_await files.space_left();
    CHECK(after == 0);

    quota.set(100);
    error = co_await opened.file->append("cdef");
    CHECK_FALSE(error);
    CHECK(opened.file->size() == 14);
}

asio::awaitable<void> ask_for_space(Files& files) {
    const auto bytes = co_await files.space_left();
    CHECK(bytes.has_value());
}

}  // namespace

TEST_CASE("a file is made with its directories, grows by pieces, and is synced again") {
    for (const auto& way : all_ways()) {
        World world(way);
        run(world.io, write_pieces(world.files));
        CHECK(world.content("a/b/clip.part") == "one " + std::string(300'000, 'x'));
    }
}

TEST_CASE("a small file is stored at once, in the place of another") {
    for (const auto& way : all_ways()) {
        World world(way);
        run(world.io, store_twice(world.files));
    }
}

TEST_CASE("what is read is bounded, and only regular files are read") {
    for (const auto& way : all_ways()) {
        World world(way);
        world.put("text", "hello world");
        REQUIRE(::mkfifo(world.base("fifo").c_str(), 0600) == 0);
        run(world.io, read_back(world.files));
    }
}

TEST_CASE("renaming makes directories but never replaces") {
    for (const auto& way : all_ways()) {
        World world(way);
        world.put("first", "1");
        world.put("second", "2");
        world.put("other", "3");
        run(world.io, rename_twice(world.files));
        CHECK(world.content("deep/er/name") == "1");
    }
}

TEST_CASE("no path leads out of the root") {
    for (const auto& way : all_ways()) {
        World world(way);
        world.put("inside", "i");
        std::ofstream(world.outside.path("victim")) << "v";
        fs::create_symlink(world.outside.path(), world.base("out"));
        fs::create_symlink("../..", world.base("up"));
        fs::create_symlink(world.outside.path("victim"), world.base("link"));
        for (const char* const path : {"../escaped", "a/../../escaped", "/etc/hostname",
                                       "out/victim", "up/escaped", "out/new/file"}) {
            run(world.io, try_to_escape(world.files, path));
        }
        CHECK(fs::exists(world.base("inside")));
        CHECK(fs::exists(world.outside.path("victim")));
        CHECK(std::distance(fs::directory_iterator(world.outside.path()), {}) == 1);
    }
}

TEST_CASE("a link in last place is neither read nor written through") {
    for (const auto& way : all_ways()) {
        World world(way);
        std::ofstream(world.outside.path("victim")) << "v";
        fs::create_symlink(world.outside.path("victim"), world.base("link"));
        auto visit = [](Files& files) -> asio::awaitable<void> {
            const auto read = co_await files.read("link", 100);
            CHECK(read.error == std::errc::cross_device_link);
            const auto synced = co_await files.sync("link");
            CHECK(synced == std::errc::cross_device_link);
        };
        run(world.io, visit(world.files));
    }
}

TEST_CASE("a name with a NUL in it, or none at all, is refused") {
    World world(all_ways().front());
    auto visit = [](Files& files) -> asio::awaitable<void> {
        const std::string cut("a\0b", 3);
        const auto with_nul = co_await files.create(cut);
        CHECK(with_nul.error == std::errc::invalid_argument);
        const auto nameless = co_await files.create("a/");
        CHECK(nameless.error == std::errc::is_a_directory);
        const auto too_long = co_await files.create(std::string(5000, 'n'));
        CHECK(too_long.error == std::errc::filename_too_long);
    };
    run(world.io, visit(world.files));
}

TEST_CASE(
    "a full disk is an error that says how far the file came, and passes when there is room") {
    auto quota = std::make_shared<SpaceQuota>(10);
    World world({Resolve::automatic, false, quota});
    run(world.io, fill_the_disk(world.files, *quota));
    CHECK(world.content("big") == "12345678abcdef");
}

TEST_CASE("without a quota the disk says how much is left") {
    World world(all_ways().front());
    run(world.io, ask_for_space(world.files));
}

TEST_CASE("a root that does not exist is an error at once") {
    FilePool pool;
    CHECK_THROWS_AS(LocalFiles(pool, "/nonexistent/root", LocalFilesOptions()), std::system_error);
}
