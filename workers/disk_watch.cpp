#include "workers/disk_watch.hpp"

#include <bit>
#include <cerrno>

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

constexpr proto::Duration closed_span{10'000};

/// Rounded down to three leading bits, so that the queue is not told of every byte.
std::uint64_t rounded(std::uint64_t bytes) {
    const auto width = static_cast<unsigned>(std::bit_width(bytes));
    if (width <= 3) return bytes;
    const unsigned shift = width - 3;
    return (bytes >> shift) << shift;
}

bool equal(const queue::SetDiskGate& a, const queue::SetDiskGate& b) {
    return a.gate == b.gate && a.spare_bytes == b.spare_bytes;
}

}  // namespace

queue::DiskGate disk_gate(std::uint64_t bytes_left, std::uint64_t reserve) {
    if (bytes_left >= reserve) return queue::DiskGate::open;
    if (bytes_left >= reserve / 2) return queue::DiskGate::no_submit;
    if (bytes_left >= reserve / 8) return queue::DiskGate::no_fetch;
    return queue::DiskGate::no_intake;
}

bool means_full(const std::error_code& error) {
    return error == std::errc::no_space_on_device || error.value() == EDQUOT;
}

DiskWatch::DiskWatch(QueueLine& queue, Clock& clock, Files& files, std::uint64_t reserve,
                     proto::Duration interval)
    : queue_(queue), clock_(clock), files_(files), reserve_(reserve), interval_(interval) {}

asio::awaitable<void> DiskWatch::run() {
    while (true) {
        const bool goes_on = co_await clock_.sleep_until(clock_.now() + interval_);
        if (!goes_on) co_return;
        co_await look();
    }
}

asio::awaitable<void> DiskWatch::full() {
    closed_until_ = clock_.now() + closed_span;
    queue::SetDiskGate gate;
    gate.gate = queue::DiskGate::no_fetch;
    gate.spare_bytes = 0;
    if (told_ && told_->gate == queue::DiskGate::no_intake) gate.gate = told_->gate;
    co_await tell(gate);
}

asio::awaitable<void> DiskWatch::look() {
    if (clock_.now() < closed_until_) co_return;
    queue::SetDiskGate gate;
    if (reserve_ != 0) {
        const std::optional<std::uint64_t> left = co_await files_.space_left();
        if (left) {
            gate.gate = disk_gate(*left, reserve_);
            gate.spare_bytes = *left > reserve_ ? rounded(*left - reserve_) : 0;
        }
        // full() may have been called while we asked.
        if (clock_.now() < closed_until_) co_return;
    }
    co_await tell(gate);
}

asio::awaitable<void> DiskWatch::tell(queue::SetDiskGate gate) {
    if (told_ && equal(*told_, gate)) co_return;
    told_ = gate;
    queue::Command command = gate;
    co_await queue_.ask(std::move(command));
}

}  // namespace genspool::workers
