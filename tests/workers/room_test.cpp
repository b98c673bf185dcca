#include "workers/room.hpp"

#include <doctest/doctest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <string>

namespace asio = boost::asio;
using genspool::workers::Room;

namespace {

/// Who has some of a room of 10 bytes, and in which order they got it.
struct World {
    asio::io_context io;
    Room room{io.get_executor(), 10};
    std::map<std::string, Room::Share> shares;
    std::string story;

    asio::awaitable<void> take(std::string name, std::uint64_t bytes) {
        Room::Share share = co_await room.take(bytes);
        story += share.taken() ? name : "-" + name;
        if (share.taken()) shares[name] = std::move(share);
    }

    void begin(const std::string& name, std::uint64_t bytes, asio::cancellation_signal& end) {
        asio::co_spawn(io, take(name, bytes),
                       asio::bind_cancellation_slot(end.slot(), asio::detached));
    }
    void begin(const std::string& name, std::uint64_t bytes) {
        asio::co_spawn(io, take(name, bytes), asio::detached);
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
    asio::cancellation_signal end;
    world.begin("a", 10);
    world.begin("large", 10, end);
    world.begin("b", 1);
    world.settle();
    SUBCASE("while there is no room") {
        end.emit(asio::cancellation_type::terminal);
        world.settle();
        CHECK(world.story == "a-large");
        world.give_back("a");
    }
    SUBCASE("as its turn comes: then it has it") {
        world.give_back("a");
        end.emit(asio::cancellation_type::terminal);
        world.settle();
        CHECK(world.story == "alarge");
        world.give_back("large");
    }
    world.settle();
    CHECK(world.shares.contains("b"));
}
