#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "queue/queue.hpp"

namespace genspool::daemon {

/// The queue, as clients read it: only so many of their reads are with it at a time, the others
/// wait, and those who wait take turns, one principal after the other. What a read brings lies in
/// memory until the event loop comes to it; a thousand clients may ask for a long list at once, and
/// are not to be in anybody else's way. Event-loop thread.
class PacedQueue {
public:
    PacedQueue(boost::asio::any_io_executor executor, queue::Queue& queue,
               std::size_t reads_at_once = 8);
    PacedQueue(const PacedQueue&) = delete;
    PacedQueue& operator=(const PacedQueue&) = delete;

    /// The queue for what this principal reads; lives as long as this.
    queue::Queue& of(std::string_view principal);

private:
    using Look = std::function<void(const queue::Reader&)>;

    /// One principal's reads.
    class Share : public queue::Queue {
    public:
        explicit Share(PacedQueue& all) : all_(all) {}

        void execute(queue::Command command, queue::OnAnswer on_answer) override;
        void read(Look look) override;
        void on_commit(std::function<void(proto::EventSeq last, bool work)> listener) override;

    private:
        friend class PacedQueue;

        PacedQueue& all_;
        std::deque<Look> waiting_;
    };

    void begin(Look look);
    void ended();

    boost::asio::any_io_executor executor_;
    queue::Queue& queue_;
    std::size_t room_;
    std::map<std::string, Share, std::less<>> shares_;
    std::deque<Share*> turns_;  ///< those with reads that wait, the next one first
};

}  // namespace genspool::daemon
