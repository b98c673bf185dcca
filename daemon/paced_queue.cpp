#include "daemon/paced_queue.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace genspool::daemon {

PacedQueue::PacedQueue(boost::asio::any_io_executor executor, queue::Queue& queue,
                       std::size_t reads_at_once)
    : executor_(std::move(executor)), queue_(queue), room_(reads_at_once) {}

void PacedQueue::execute(queue::Command command, queue::OnAnswer on_answer) {
    queue_.execute(std::move(command), std::move(on_answer));
}

void PacedQueue::on_commit(std::function<void(proto::EventSeq last, bool work)> listener) {
    queue_.on_commit(std::move(listener));
}

void PacedQueue::read(std::function<void(const queue::Reader&)> look) {
    if (room_ == 0) {
        waiting_.push_back(std::move(look));
        return;
    }
    --room_;
    begin(std::move(look));
}

void PacedQueue::begin(std::function<void(const queue::Reader&)> look) {
    queue_.read([this, look = std::move(look)](const queue::Reader& reader) {
        look(reader);
        // Behind the word to whoever waits for what was read: it is taken first.
        boost::asio::post(executor_, [this] { ended(); });
    });
}

void PacedQueue::ended() {
    if (waiting_.empty()) {
        ++room_;
        return;
    }
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    begin(std::move(next));
}

}  // namespace genspool::daemon
