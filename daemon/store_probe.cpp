#include "daemon/store_probe.hpp"

#include <functional>
#include <utility>

#include "daemon/queue_calls.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

asio::awaitable<StoreHealth> probe_store(queue::Queue& queue, workers::QueueLine& line) {
    // Where the results' writer stands is written down again. Had the writer moved on meanwhile
    // (`stale`), it has written itself.
    queue::Consume probe;
    probe.cursor = "results";
    queue::DiskGate disk = queue::DiskGate::open;
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        disk = reader.stats().disk;
        probe.upto = reader.cursor(probe.cursor);
    };
    co_await look(queue, std::move(errand));
    if (disk == queue::DiskGate::no_intake) co_return StoreHealth::full;
    queue::Command command = std::move(probe);
    const queue::Answer answer = co_await line.ask(std::move(command));
    const bool wrote = answer.errc == queue::Errc::ok || answer.errc == queue::Errc::already ||
                       answer.errc == queue::Errc::stale;
    co_return wrote ? StoreHealth::writable : StoreHealth::broken;
}

}  // namespace genspool::daemon
