#include "daemon/job_waits.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <functional>
#include <vector>

#include "daemon/queue_calls.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

JobWaits::JobWaits(const asio::any_io_executor& executor, queue::Queue& queue, CommitFeed& feed)
    : executor_(executor), queue_(queue), feed_(feed), first_(executor), seen_(feed.last()) {}

asio::awaitable<void> JobWaits::run() {
    while (!feed_.closed()) {
        const bool cancelled = co_await is_cancelled();
        if (cancelled) co_return;
        if (waits_.empty()) {
            co_await first_.wait();
        } else {
            co_await read_on();
        }
    }
}

void JobWaits::close() {
    first_.ring();
    for (const auto& [job, wait] : waits_)
        wait->timer_.cancel();
}

asio::awaitable<void> JobWaits::read_on() {
    constexpr std::size_t at_once = 512;
    std::vector<queue::EventRecord> events;
    // By value: the queue's thread reads it while a new wait may move seen_ here.
    const proto::EventSeq after = seen_;
    std::function<void(const queue::Reader&)> errand = [after,
                                                        &events](const queue::Reader& reader) {
        events = reader.events(after, at_once, std::nullopt);
    };
    co_await look(queue_, std::move(errand));
    for (const queue::EventRecord& event : events) {
        seen_ = std::max(seen_, event.seq);
        if (!proto::is_terminal(event.to) && event.to != proto::State::held) continue;
        const auto [begin, end] = waits_.equal_range(event.job);
        for (auto each = begin; each != end; ++each)
            each->second->ring();
    }
    if (events.empty()) co_await feed_.wait_past(seen_, std::chrono::hours{1});
}

JobWaits::Wait::Wait(JobWaits& waits, proto::JobSeq job) : waits_(waits), timer_(waits.executor_) {
    if (waits_.waits_.empty()) {
        // What came before cannot matter: whoever waits looks at the job after this.
        waits_.seen_ = waits_.feed_.last();
        waits_.first_.ring();
    }
    place_ = waits_.waits_.emplace(job, this);
}

JobWaits::Wait::~Wait() {
    waits_.waits_.erase(place_);
}

void JobWaits::Wait::ring() {
    rung_ = true;
    timer_.cancel();
}

asio::awaitable<bool> JobWaits::Wait::wait(proto::Duration most) {
    if (!rung_ && !waits_.feed_.closed()) {
        timer_.expires_after(most);
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    const bool was_rung = rung_;
    rung_ = false;
    co_return was_rung;
}

}  // namespace genspool::daemon
