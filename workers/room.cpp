#include "workers/room.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

asio::awaitable<Room::Share> Room::take(std::uint64_t bytes) {
    const proto::Instant place{proto::Duration(next_in_line_++)};
    bool waits = !waiting_.empty() || !fits(bytes);
    while (waits) {
        const bool woken = co_await waiting_.sleep_until(place);
        if (!woken) {
            // It may have been its turn.
            waiting_.wake_earliest();
            co_return Share();
        }
        waits = !fits(bytes);
    }
    taken_ += bytes;
    Share share(*this, bytes);
    waiting_.wake_earliest();
    co_return share;
}

void Room::give_back(std::uint64_t bytes) {
    taken_ -= bytes;
    waiting_.wake_earliest();
}

}  // namespace genspool::workers
