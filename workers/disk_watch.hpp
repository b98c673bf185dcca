#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <system_error>

#include "workers/clock.hpp"
#include "workers/files.hpp"
#include "workers/queue_line.hpp"

namespace genspool::workers {

/// How far the disk gate is closed with so many bytes left of this reserve.
queue::DiskGate disk_gate(std::uint64_t bytes_left, std::uint64_t reserve);

/// Whether a write failed for want of room: the one trouble of a disk that is everybody's, and that
/// goes when something is removed.
bool means_full(const std::error_code& error);

/// Watches the free space and moves the queue's disk gate: buying stops below the reserve, fetching
/// below half of it, intake below an eighth; all by itself in both directions. Event-loop thread
/// only.
class DiskWatch {
public:
    /// A reserve of 0: nothing is watched, and only full() moves the gate.
    DiskWatch(QueueLine& queue, Clock& clock, Files& files, std::uint64_t reserve,
              proto::Duration interval);

    /// Looks now. Whatever the queue is asked afterwards, it decides by what was seen. A disk that
    /// cannot be asked counts as roomy.
    boost::asio::awaitable<void> look();

    /// Looks at the end of each interval until it is cancelled.
    boost::asio::awaitable<void> run();

    /// A write met a full disk: the gate closes at once, whatever the file system says of its free
    /// space, and is looked at anew after ten seconds.
    boost::asio::awaitable<void> full();

private:
    boost::asio::awaitable<void> tell(queue::SetDiskGate gate);

    QueueLine& queue_;
    Clock& clock_;
    Files& files_;
    std::uint64_t reserve_;
    proto::Duration interval_;
    proto::Instant closed_until_{};
    std::optional<queue::SetDiskGate> told_;
};

}  // namespace genspool::workers
