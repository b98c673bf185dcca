#include "daemon/crowd.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace genspool::daemon;

namespace {

/// Heard of `seconds` after the others' beginning.
Seat seat(std::string_view principal, int seconds, bool answering = false) {
    Seat seat;
    seat.principal = principal;
    seat.answering = answering;
    seat.heard_at += std::chrono::seconds{seconds};
    return seat;
}

Seat holding(std::string_view principal, int seconds, std::uint64_t bytes) {
    Seat one = seat(principal, seconds, true);
    one.held_bytes = bytes;
    return one;
}

constexpr std::uint64_t small = 100;

}  // namespace

TEST_CASE("a newcomer is let in while there is room, and nobody leaves") {
    const std::vector<Seat> seats = {seat("a", 1), seat("a", 2)};
    const Admittance admittance = admit(seats, "b", 4);
    CHECK(admittance.admitted);
    CHECK_FALSE(admittance.leaves);
}

TEST_CASE("where all is taken, the connection that has been silent for longest makes room") {
    const std::vector<Seat> seats = {seat("a", 3), seat("b", 1), seat("a", 2), seat("c", 4)};
    const Admittance admittance = admit(seats, "d", 4);
    CHECK(admittance.admitted);
    CHECK(admittance.leaves == 1);
}

TEST_CASE("a connection whose request is being answered is not given up for a newcomer") {
    std::vector<Seat> seats = {seat("a", 1, true), seat("b", 2, true), seat("c", 3),
                               seat("c", 4, true)};
    CHECK(admit(seats, "d", 4).leaves == 2);
    seats[2].answering = true;
    CHECK_FALSE(admit(seats, "d", 4).admitted);
}

TEST_CASE("nobody has more than three quarters of the connections, so others find room") {
    CHECK(share_of_one(1'024) == 768);
    CHECK(share_of_one(1) == 1);
    const std::vector<Seat> busy = {seat("a", 1, true), seat("a", 2, true), seat("a", 3, true)};
    CHECK_FALSE(admit(busy, "a", 4).admitted);
    CHECK(admit(busy, "b", 4).admitted);
}

TEST_CASE("whoever has had his share makes room himself, however silent others are") {
    const std::vector<Seat> seats = {seat("b", 1), seat("a", 3), seat("a", 2), seat("a", 4)};
    const Admittance admittance = admit(seats, "a", 4);
    CHECK(admittance.admitted);
    CHECK(admittance.leaves == 2);
}

TEST_CASE("who is leaving takes no room, and is not asked twice") {
    std::vector<Seat> seats = {seat("a", 1), seat("b", 2), seat("b", 3), seat("c", 4)};
    seats[0].leaving = true;
    const Admittance free = admit(seats, "d", 4);
    CHECK(free.admitted);
    CHECK_FALSE(free.leaves);
    CHECK(admit(seats, "d", 3).leaves == 1);
}

TEST_CASE("of whom most is held for, the most silent lets go; others may be larger or older") {
    const std::vector<Seat> seats = {holding("b", 1, 900), holding("a", 4, 600),
                                     holding("a", 3, 400), holding("c", 2, 800)};
    CHECK(who_lets_go(seats, small) == 2);
}

TEST_CASE("whoever holds little is left alone, and who lets go already is passed over") {
    std::vector<Seat> seats = {holding("a", 1, small), holding("a", 3, small + 1),
                               holding("b", 2, small)};
    CHECK(who_lets_go(seats, small) == 1);
    seats[1].leaving = true;
    CHECK_FALSE(who_lets_go(seats, small));
}
