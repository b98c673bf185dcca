#include "daemon/paced_queue.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace genspool::daemon {

PacedQueue::PacedQueue(boost::asio::any_io_executor executor, queue::Queue& queue,
                       std::size_t reads_at_once)
    : executor_(std::move(executor)), queue_(queue), room_(reads_at_once) {}

queue::Queue& PacedQueue::of(std::string_view principal) {
    const auto known = shares_.find(principal);
    if (known != shares_.end()) return known->second;
    return shares_.try_emplace(std::string(principal), *this).first->second;
}

void PacedQueue::Share::execute(queue::Command command, queue::OnAnswer on_answer) {
    all_.queue_.execute(std::move(command), std::move(on_answer));
}

void PacedQueue::Share::on_commit(std::function<void(proto::EventSeq last, bool work)> listener) {
    all_.queue_.on_commit(std::move(listener));
}

void PacedQueue::Share::read(Look look) {
    if (all_.room_ != 0) {
        --all_.room_;
        return all_.begin(std::move(look));
    }
    if (waiting_.empty()) all_.turns_.push_back(this);
    waiting_.push_back(std::move(look));
}

void PacedQueue::begin(Look look) {
    queue_.read([this, look = std::move(look)](const queue::Reader& reader) {
        look(reader);
        // Behind the word to whoever waits for what was read: it is taken first.
        boost::asio::post(executor_, [this] { ended(); });
    });
}

void PacedQueue::ended() {
    if (turns_.empty()) {
        ++room_;
        return;
    }
    Share& next = *turns_.front();
    turns_.pop_front();
    Look look = std::move(next.waiting_.front());
    next.waiting_.pop_front();
    if (!next.waiting_.empty()) turns_.push_back(&next);
    begin(std::move(look));
}

}  // namespace genspool::daemon
