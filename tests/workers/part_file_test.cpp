#include "workers/part_file.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>

#include "tests/support/run.hpp"
#include "tests/support/sim_files.hpp"

namespace asio = boost::asio;
using namespace genspool;

namespace {

const std::string path = "artifacts/.x.part";

struct World {
    asio::io_context io;
    tests::SimFiles files{io, std::make_shared<tests::ForgetfulDisk>(), "/state"};
    workers::PartFile part{files, path, 8};

    std::error_code append(std::string bytes) {
        std::error_code error;
        tests::run(io, [](auto& to, std::string more, auto& said) -> asio::awaitable<void> {
            said = co_await to.append(std::move(more));
        }(part, std::move(bytes), error));
        return error;
    }
    std::error_code sync() {
        std::error_code error;
        tests::run(io, [](auto& what, auto& said) -> asio::awaitable<void> {
            said = co_await what.sync();
        }(part, error));
        return error;
    }
    void leave(std::string bytes) {
        tests::run(io, [](auto& to, std::string all) -> asio::awaitable<void> {
            const std::error_code error = co_await to.store(path, std::move(all));
            CHECK_FALSE(error);
        }(files, std::move(bytes)));
    }
    workers::FileBytes on_disk() const { return files.read_now(path); }
};

}  // namespace

TEST_CASE("a small artifact goes to the disk at once, when all of it is there") {
    World world;
    world.part.restart();
    CHECK_FALSE(world.append("0123"));
    CHECK_FALSE(world.append("4567"));
    CHECK(world.on_disk().error == std::errc::no_such_file_or_directory);

    CHECK_FALSE(world.sync());

    CHECK(world.on_disk().bytes == "01234567");
    CHECK(world.part.bytes() == 8);
    CHECK(world.part.sha256() == workers::sha256_hex("01234567"));
    CHECK_FALSE(world.part.open());
}

TEST_CASE("of a long artifact no more is held than was asked for") {
    World world;
    world.part.restart();
    CHECK_FALSE(world.append("01234567"));
    CHECK_FALSE(world.append("8"));
    CHECK(world.on_disk().bytes == "012345678");
    CHECK_FALSE(world.append("9"));
    CHECK_FALSE(world.sync());
    CHECK(world.on_disk().bytes == "0123456789");
}

TEST_CASE("what a life before has left is no part of an artifact") {
    for (const std::string bytes : {"short", "longer than is held"}) {
        World world;
        world.leave("what another life has left here");
        world.part.restart();
        CHECK_FALSE(world.append(bytes));
        CHECK_FALSE(world.sync());
        CHECK(world.on_disk().bytes == bytes);
    }
}

TEST_CASE("what was begun again is forgotten") {
    World world;
    world.part.restart();
    CHECK_FALSE(world.append("0123"));
    world.part.restart();
    CHECK_FALSE(world.append("4567"));
    CHECK_FALSE(world.sync());
    CHECK(world.on_disk().bytes == "4567");
    CHECK(world.part.sha256() == workers::sha256_hex("4567"));
}

TEST_CASE("a full disk is told, at a long piece or at the end") {
    World world;
    world.files.set_full(true);
    world.part.restart();
    CHECK(world.append("0123456789") == std::errc::no_space_on_device);
    CHECK_FALSE(world.part.open());
    world.part.restart();
    CHECK_FALSE(world.append("0123"));
    CHECK(world.sync() == std::errc::no_space_on_device);
    CHECK_FALSE(world.part.open());
}
