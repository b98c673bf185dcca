#include "workers/spool.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <memory>

#include "tests/support/run.hpp"
#include "tests/support/sim_files.hpp"

namespace asio = boost::asio;
using namespace genspool;
using tests::ForgetfulDisk;
using tests::SimFiles;
using workers::SpoolSink;

namespace {

const std::string path = "spool/JOB.1";

struct World {
    asio::io_context io;
    std::shared_ptr<ForgetfulDisk> disk = std::make_shared<ForgetfulDisk>();
    std::unique_ptr<SimFiles> files = std::make_unique<SimFiles>(io, disk, "/state");

    void power_cut() {
        disk->power_cut();
        files = std::make_unique<SimFiles>(io, disk, "/state");
    }
};

workers::HttpHead head() {
    workers::HttpHead made;
    made.status = 200;
    made.headers.push_back({"Content-Type", "application/json"});
    return made;
}

asio::awaitable<void> receive(SpoolSink& sink) {
    const std::error_code opened = co_await sink.open();
    CHECK_FALSE(opened);
    workers::HttpHead arriving = head();
    co_await sink.begin(std::move(arriving));
    co_await sink.write("half of the body, ");
    co_await sink.write(std::string("\0and the other\n", 15));
}

asio::awaitable<void> store(SpoolSink& sink, std::error_code& error) {
    error = co_await sink.store();
}

asio::awaitable<void> look(workers::Files& files, workers::SpoolRead& found) {
    found = co_await workers::read_spool(files, path);
}

std::optional<workers::SpooledReply> read(World& world) {
    workers::SpoolRead found;
    tests::run(world.io, look(*world.files, found));
    CHECK_FALSE(found.error);
    return found.reply;
}

}  // namespace

TEST_CASE("a stored reply survives a power cut, whole") {
    World world;
    SpoolSink sink(*world.files, path, "op.x");
    std::error_code error;
    tests::run(world.io, receive(sink));
    tests::run(world.io, store(sink, error));
    REQUIRE_FALSE(error);

    world.power_cut();

    const auto found = read(world);
    REQUIRE(found.has_value());
    CHECK(found->op == "op.x");
    CHECK(found->reply.status == 200);
    CHECK(found->reply.header("content-type") == "application/json");
    CHECK(found->reply.body == std::string("half of the body, \0and the other\n", 33));
}

TEST_CASE("a reply that was not stored to its end is no reply") {
    World world;
    SpoolSink sink(*world.files, path, "op.x");
    tests::run(world.io, receive(sink));

    CHECK_FALSE(read(world).has_value());
}

TEST_CASE("a file that was cut short, grew or changed does not agree with its trailer") {
    World world;
    SpoolSink sink(*world.files, path, "op.x");
    std::error_code error;
    tests::run(world.io, receive(sink));
    tests::run(world.io, store(sink, error));
    const std::string whole = world.files->read_now(path).bytes;
    REQUIRE(workers::parse_spool(whole).has_value());

    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(workers::parse_spool(whole.substr(0, size)).has_value());
    CHECK_FALSE(workers::parse_spool(whole + "x").has_value());
    const std::size_t body = whole.find('\n') + 1;
    for (std::size_t at = body; at < whole.size(); ++at) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        CHECK_FALSE(workers::parse_spool(changed).has_value());
    }
}

TEST_CASE("a disk that fills up while the reply arrives loses nothing of it") {
    World world;
    SpoolSink sink(*world.files, path, "op.x");
    const auto fill_up = [](World& w, SpoolSink& s) -> asio::awaitable<void> {
        co_await s.open();
        workers::HttpHead arriving = head();
        co_await s.begin(std::move(arriving));
        w.files->set_full(true);
        const bool taken = co_await s.write("paid for");
        CHECK(taken);
        const bool more = co_await s.write(", and kept");
        CHECK(more);
    };
    tests::run(world.io, fill_up(world, sink));
    std::error_code error;
    tests::run(world.io, store(sink, error));
    CHECK(error == std::errc::no_space_on_device);
    tests::run(world.io, store(sink, error));
    CHECK(error == std::errc::no_space_on_device);

    world.files->set_full(false);
    tests::run(world.io, store(sink, error));

    CHECK_FALSE(error);
    const auto found = read(world);
    REQUIRE(found.has_value());
    CHECK(found->reply.body == "paid for, and kept");
}

TEST_CASE("a file that cannot be read is told from one that is missing or incomplete") {
    World world;
    CHECK_FALSE(read(world).has_value());
    SpoolSink sink(*world.files, path, "op.x");
    std::error_code error;
    tests::run(world.io, receive(sink));
    tests::run(world.io, store(sink, error));

    world.files->set_unreadable(true);
    workers::SpoolRead found;
    tests::run(world.io, look(*world.files, found));
    CHECK(found.error == std::errc::too_many_files_open);
    CHECK_FALSE(found.reply.has_value());

    world.files->set_unreadable(false);
    CHECK(read(world).has_value());
}

TEST_CASE("a body that was lent is stored like any other, also anew") {
    World world;
    SpoolSink sink(*world.files, path, "op.x");
    std::error_code error;
    tests::run(world.io, receive(sink));
    std::string body = sink.lend_body();
    CHECK(body == std::string("half of the body, \0and the other\n", 33));
    sink.give_back(std::move(body));
    world.files->set_full(true);
    tests::run(world.io, store(sink, error));
    CHECK(error);

    world.files->set_full(false);
    tests::run(world.io, store(sink, error));

    CHECK_FALSE(error);
    const auto found = read(world);
    REQUIRE(found.has_value());
    CHECK(found->reply.body == std::string("half of the body, \0and the other\n", 33));
    CHECK(world.files->list_now("spool").size() == 1);
}

TEST_CASE("what lies under a send's name already is moved aside, not lost") {
    World world;
    std::error_code stored;
    for (int life = 0; life < 2; ++life) {
        SpoolSink old(*world.files, path, "op.x");
        tests::run(world.io, receive(old));
        tests::run(world.io, store(old, stored));
        CHECK_FALSE(stored);
    }
    SpoolSink sink(*world.files, path, "op.y");
    std::error_code error;
    tests::run(world.io, receive(sink));
    tests::run(world.io, store(sink, error));

    const auto found = read(world);
    REQUIRE(found.has_value());
    CHECK(found->op == "op.y");
    for (const char* const aside : {".old", ".old2"})
        CHECK(workers::parse_spool(world.files->read_now(path + aside).bytes).has_value());
}
