#include "workers/dispatcher.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <numeric>
#include <utility>

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

constexpr proto::Duration pause_min{2};
constexpr proto::Duration pause_max{50};

/// A search takes the place of a poll.
std::size_t at(queue::WorkKind kind) {
    return static_cast<std::size_t>(kind == queue::WorkKind::reconcile ? queue::WorkKind::poll
                                                                       : kind);
}

}  // namespace

Dispatcher::Dispatcher(asio::any_io_executor executor, QueueLine& queue, Clock& clock,
                       const EngineOptions& options, Start start)
    : queue_(queue),
      clock_(clock),
      start_(std::move(start)),
      bell_(executor, asio::steady_timer::time_point::max()) {
    limit_[at(queue::WorkKind::fetch)] = options.fetch_workers_max;
    limit_[at(queue::WorkKind::poll)] = options.poll_workers_max;
    limit_[at(queue::WorkKind::submit)] = options.submit_workers_max;
    limit_[at(queue::WorkKind::recover)] = options.recover_workers_max;
}

asio::awaitable<void> Dispatcher::run() {
    while (!stopping_) {
        if (!woken_ || !any_room()) {
            co_await wait();
        } else if (clock_.now() < barren_at_ + pause_) {
            co_await clock_.sleep_until(barren_at_ + pause_);
        } else {
            co_await claim();
        }
    }
}

void Dispatcher::stop() {
    stopping_ = true;
    bell_.cancel();
}

void Dispatcher::wake() {
    woken_ = true;
    bell_.cancel();
}

void Dispatcher::finished(queue::WorkKind kind) {
    --busy_[at(kind)];
    pause_ = proto::Duration(0);
    if (!std::exchange(short_of_hands_[at(kind)], false)) return;
    wake();
}

std::size_t Dispatcher::busy() const {
    return std::accumulate(busy_.begin(), busy_.end(), std::size_t{0});
}

std::uint32_t Dispatcher::room(queue::WorkKind kind) const {
    return limit_[at(kind)] - std::min(limit_[at(kind)], busy_[at(kind)]);
}

bool Dispatcher::any_room() const {
    for (std::size_t kind = 0; kind < kinds; ++kind) {
        if (busy_[kind] < limit_[kind]) return true;
    }
    return false;
}

asio::awaitable<void> Dispatcher::wait() {
    co_await bell_.async_wait(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<void> Dispatcher::claim() {
    woken_ = false;
    queue::Claim claim;
    claim.fetches = room(queue::WorkKind::fetch);
    claim.polls = room(queue::WorkKind::poll);
    // What is bought while there is still something to fetch is the queue's to say.
    claim.submits = room(queue::WorkKind::submit);
    claim.recoveries = room(queue::WorkKind::recover);
    queue::Command command = claim;
    queue::Answer answer = co_await queue_.ask(std::move(command));
    auto* claimed = std::get_if<queue::Claimed>(&answer.body);
    if (!claimed || claimed->work.empty()) {
        pause_ = std::clamp(pause_ * 2, pause_min, pause_max);
        barren_at_ = clock_.now();
        co_return;
    }
    pause_ = proto::Duration(0);
    for (const queue::Work& work : claimed->work)
        ++busy_[at(work.kind)];
    for (std::size_t kind = 0; kind < kinds; ++kind)
        short_of_hands_[kind] = limit_[kind] > 0 && busy_[kind] >= limit_[kind];
    for (queue::Work& work : claimed->work)
        start_(std::move(work));
}

}  // namespace genspool::workers
