#include "workers/room.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <map>
#include <string>
#include <string_view>

#include "workers/task_group.hpp"

namespace asio = boost::asio;
using genspool::workers::Room;
using genspool::workers::TaskGroup;

namespace {

/// Who has some of a room of 10 bytes, and in which order they got it.
struct World {
    asio::io_context io;
    Room room{io.get_executor(), 10};
    std::map<std::string, Room::Share> shares;
    std::map<std::string, TaskGroup> tasks;
    std::string story;

    asio::awaitable<void> take(std::string name, std::uint64_t bytes) {
        Room::Share share = co_await room.take(bytes);
        story += share.taken() ? name : "-" + name;
        if (share.taken()) shares[name] = std::move(share);
    }

    void begin(const std::string& name, std::uint64_t bytes) {
        const auto fail = [](std::string_view, const std::exception_ptr& error) {
            std::rethrow_exception(error);
        };
        tasks.try_emplace(name, io.get_executor(), fail)
            .first->second.spawn("take", take(name, bytes));
    }
    /// In the loop, as everywhere: from outside Asio would do it later.
    void cancel(const std::string& name, const std::string& before = {}) {
        asio::post(io, [this, name, before] {
            give_back(before);
            tasks.at(name).cancel_all();
        });
    }
    void settle() {
        io.restart();
        io.poll();
    }
    void give_back(const std::string& name) { shares.erase(name); }
};

}  // namespace

TEST_CASE("a room is shared up to its last byte, and given back") {
    World world;
    world.begin("a", 4);
    world.begin("b", 6);
    world.begin("c", 1);
    world.settle();
    CHECK(world.story == "ab");
    world.give_back("a");
    world.settle();
    CHECK(world.story == "abc");
}

TEST_CASE("the first in line goes first, however long it takes until there is room for it") {
    World world;
    world.begin("a", 4);
    world.begin("b", 4);
    world.begin("large", 9);
    world.begin("c", 1);
    world.settle();
    CHECK(world.story == "ab");
    world.give_back("a");
    // Woken, but not run yet: neither the next one nor a new one may overtake it.
    world.give_back("b");
    world.begin("d", 1);
    world.settle();
    CHECK(world.story == "ablargec");
    world.give_back("large");
    world.settle();
    CHECK(world.story == "ablargecd");
}

TEST_CASE("more than there is waits until all is free, and goes alone") {
    World world;
    world.begin("a", 1);
    world.begin("huge", 11);
    world.begin("b", 1);
    world.settle();
    CHECK(world.story == "a");
    world.give_back("a");
    world.settle();
    CHECK(world.story == "ahuge");
    world.give_back("huge");
    world.settle();
    CHECK(world.story == "ahugeb");
}

TEST_CASE("who is cancelled in line holds nobody up") {
    World world;
    world.begin("a", 10);
    world.begin("large", 10);
    world.begin("b", 1);
    world.settle();
    SUBCASE("while there is no room") {
        world.cancel("large");
        world.settle();
        CHECK(world.story == "a-large");
        world.give_back("a");
    }
    SUBCASE("as its turn comes: then it has it") {
        world.cancel("large", "a");
        world.settle();
        CHECK(world.story == "alarge");
        world.give_back("large");
    }
    world.settle();
    CHECK(world.shares.contains("b"));
}
