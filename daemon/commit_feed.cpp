#include "daemon/commit_feed.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <tuple>
#include <utility>

namespace genspool::daemon {

namespace asio = boost::asio;

CommitFeed::CommitFeed(asio::any_io_executor executor, proto::EventSeq last)
    : executor_(std::move(executor)), last_(last.value) {}

void CommitFeed::committed(proto::EventSeq last) {
    // Many commits write no event: polls that changed nothing, cursors, chunks of a batch.
    if (last_.exchange(last.value) == last.value) return;
    // Who begins to wait counts itself first and looks at last_ then, so one of us sees the other.
    if (waiting_.load() == 0 || posted_.exchange(true)) return;
    asio::post(executor_, [this] { wake(); });
}

void CommitFeed::wake() {
    posted_.store(false);
    for (asio::steady_timer* const timer : timers_)
        timer->cancel();
}

asio::awaitable<bool> CommitFeed::wait_past(proto::EventSeq seen, proto::Duration most) {
    ++waiting_;
    const auto due = std::chrono::steady_clock::now() + most;
    // Woken again and again: a wake may be for an event that this reader has seen already.
    while (last_.load() <= seen.value && !closed_) {
        asio::steady_timer timer(executor_, due);
        const auto place = timers_.insert(timers_.end(), &timer);
        const auto result = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        timers_.erase(place);
        const auto state = co_await asio::this_coro::cancellation_state;
        const bool cancelled = state.cancelled() != asio::cancellation_type::none;
        if (!std::get<0>(result) || cancelled) break;
    }
    --waiting_;
    co_return !closed_ && last_.load() > seen.value;
}

void CommitFeed::close() {
    closed_ = true;
    wake();
}

}  // namespace genspool::daemon
