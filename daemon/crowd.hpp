#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// Who gives way where there are more clients, or larger ones, than the daemon has room for. No I/O
/// in it.
namespace genspool::daemon {

/// What is to be known of a connection for that.
struct Seat {
    std::string_view principal;  ///< empty: over TCP, without a token so far
    bool answering = false;      ///< a request of its is being answered
    bool leaving = false;        ///< it has been told to give way already
    std::uint64_t held_bytes = 0;
    std::chrono::steady_clock::time_point heard_at;  ///< when a byte last went in or out
};

/// So many of a door's connections one principal may have: the rest is for others.
std::size_t share_of_one(std::size_t connections_max);

/// Whether a newcomer finds room at a door, and who has to leave for that.
struct Admittance {
    bool admitted = false;
    std::optional<std::size_t> leaves;  ///< a seat

    Admittance() = default;
};

/// Room is made by whoever asks nothing at the moment, and has been silent for longest: among the
/// newcomer's own connections where he has had his share, else among all.
Admittance admit(std::span<const Seat> seats, std::string_view newcomer,
                 std::size_t connections_max);

/// Who must let go of what the daemon holds for him: of the principal for whom most is held, the
/// one who has been silent for longest. Whoever holds no more than `small_bytes` is left alone.
std::optional<std::size_t> who_lets_go(std::span<const Seat> seats, std::uint64_t small_bytes);

}  // namespace genspool::daemon
