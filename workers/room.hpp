#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <set>
#include <utility>

#include "workers/sleepers.hpp"

namespace genspool::workers {

/// A bound on memory that coroutines share: who finds none left waits in line. Event-loop thread
/// only; must outlive what was taken of it and who waits.
class Room {
public:
    Room(boost::asio::any_io_executor executor, std::uint64_t bytes)
        : waiting_(std::move(executor), [] {}), bytes_max_(bytes) {}

    /// Some of it, given back by the destructor.
    class Share {
    public:
        Share() = default;
        Share(Room& room, std::uint64_t bytes) : room_(&room), bytes_(bytes) {}
        Share(Share&& other) noexcept
            : room_(std::exchange(other.room_, nullptr)), bytes_(other.bytes_) {}
        Share& operator=(Share&& other) noexcept {
            std::swap(room_, other.room_);
            std::swap(bytes_, other.bytes_);
            return *this;
        }
        ~Share() {
            if (room_ != nullptr) room_->give_back(bytes_);
        }

        bool taken() const { return room_ != nullptr; }

    private:
        Room* room_ = nullptr;
        std::uint64_t bytes_ = 0;
    };

    /// Waits until so much is left; more than there ever is waits until all is. First come, first
    /// served. Not taken: the waiting coroutine was cancelled.
    boost::asio::awaitable<Share> take(std::uint64_t bytes);

private:
    using Place = std::int64_t;

    bool may_take(Place place, std::uint64_t bytes) const;
    void give_back(std::uint64_t bytes);

    Sleepers waiting_;      ///< by their places, which stand for moments
    std::set<Place> line_;  ///< of all that have not taken yet, awake or not
    Place next_place_ = 0;
    std::uint64_t bytes_max_;
    std::uint64_t taken_ = 0;
};

}  // namespace genspool::workers
