#include "workers/room.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

asio::awaitable<Room::Share> Room::take(std::uint64_t bytes) {
    const Place place = next_place_++;
    line_.insert(place);
    const proto::Instant in_order{proto::Duration(place)};
    bool waits = true;
    while (waits && !may_take(place, bytes))
        waits = co_await waiting_.sleep_until(in_order);
    line_.erase(place);
    Share share;
    if (waits) {
        taken_ += bytes;
        share = Share(*this, bytes);
    }
    waiting_.wake_earliest();
    co_return share;
}

bool Room::may_take(Place place, std::uint64_t bytes) const {
    return place == *line_.begin() && (taken_ == 0 || taken_ + bytes <= bytes_max_);
}

void Room::give_back(std::uint64_t bytes) {
    taken_ -= bytes;
    waiting_.wake_earliest();
}

}  // namespace genspool::workers
