#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <deque>
#include <functional>

#include "queue/queue.hpp"

namespace genspool::daemon {

/// The queue, as clients read it: only so many of their reads are with it at a time, the others
/// wait for their turn. What a read brings lies in memory until the event loop comes to it, and a
/// thousand clients may ask for a long list at once. Event-loop thread.
class PacedQueue : public queue::Queue {
public:
    PacedQueue(boost::asio::any_io_executor executor, queue::Queue& queue,
               std::size_t reads_at_once = 32);
    PacedQueue(const PacedQueue&) = delete;
    PacedQueue& operator=(const PacedQueue&) = delete;

    void execute(queue::Command command, queue::OnAnswer on_answer) override;
    void read(std::function<void(const queue::Reader&)> look) override;
    void on_commit(std::function<void(proto::EventSeq last, bool work)> listener) override;

private:
    void begin(std::function<void(const queue::Reader&)> look);
    void ended();

    boost::asio::any_io_executor executor_;
    queue::Queue& queue_;
    std::size_t room_;
    std::deque<std::function<void(const queue::Reader&)>> waiting_;
};

}  // namespace genspool::daemon
