#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>

#include "proto/ids.hpp"
#include "proto/time.hpp"

namespace genspool::daemon {

/// Tells coroutines that the event log has grown. They read the log themselves, at their own speed:
/// nothing is kept here for a slow one. Event-loop thread, but for committed().
class CommitFeed {
public:
    /// `last` is the newest event there is at the start.
    CommitFeed(boost::asio::any_io_executor executor, proto::EventSeq last);
    CommitFeed(const CommitFeed&) = delete;
    CommitFeed& operator=(const CommitFeed&) = delete;

    /// The queue's listener. Any thread. Cheap while nobody waits.
    void committed(proto::EventSeq last);

    proto::EventSeq last() const { return {last_.load()}; }

    /// True when there are events after `seen`; false after `most`, when the feed is closed, or
    /// when the caller is cancelled.
    boost::asio::awaitable<bool> wait_past(proto::EventSeq seen, proto::Duration most);

    /// Everybody who waits, now or later, is told false.
    void close();
    bool closed() const { return closed_; }

private:
    void wake();

    boost::asio::any_io_executor executor_;
    std::atomic<std::uint64_t> last_;
    std::atomic<int> waiting_ = 0;
    std::atomic<bool> posted_ = false;
    std::list<boost::asio::steady_timer*> timers_;
    bool closed_ = false;
};

}  // namespace genspool::daemon
