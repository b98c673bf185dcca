#include "daemon/crowd.hpp"

#include <functional>
#include <map>

namespace genspool::daemon {
namespace {

/// Of the seats for which `fits` holds, the one that was heard of longest ago.
std::optional<std::size_t> most_silent(std::span<const Seat> seats,
                                       const std::function<bool(const Seat&)>& fits) {
    std::optional<std::size_t> found;
    for (std::size_t n = 0; n < seats.size(); ++n) {
        const Seat& seat = seats[n];
        if (seat.leaving || !fits(seat)) continue;
        if (!found || seat.heard_at < seats[*found].heard_at) found = n;
    }
    return found;
}

}  // namespace

std::size_t share_of_one(std::size_t connections_max) {
    return connections_max - connections_max / 4;
}

Admittance admit(std::span<const Seat> seats, std::string_view newcomer,
                 std::size_t connections_max) {
    std::size_t all = 0;
    std::size_t own = 0;
    for (const Seat& seat : seats) {
        if (seat.leaving) continue;
        ++all;
        if (seat.principal == newcomer) ++own;
    }
    const bool had_his_share = own >= share_of_one(connections_max);
    Admittance admittance;
    if (had_his_share || all >= connections_max) {
        admittance.leaves = most_silent(seats, [&](const Seat& seat) {
            return !seat.answering && (!had_his_share || seat.principal == newcomer);
        });
        admittance.admitted = admittance.leaves.has_value();
    } else {
        admittance.admitted = true;
    }
    return admittance;
}

std::optional<std::size_t> who_lets_go(std::span<const Seat> seats, std::uint64_t small_bytes) {
    const auto large = [&](const Seat& seat) {
        return !seat.leaving && seat.held_bytes > small_bytes;
    };
    std::map<std::string_view, std::uint64_t> held;
    for (const Seat& seat : seats) {
        if (large(seat)) held[seat.principal] += seat.held_bytes;
    }
    std::uint64_t most = 0;
    std::string_view principal;
    for (const auto& [name, bytes] : held) {
        if (bytes <= most) continue;
        most = bytes;
        principal = name;
    }
    return most_silent(
        seats, [&](const Seat& seat) { return large(seat) && seat.principal == principal; });
}

}  // namespace genspool::daemon
