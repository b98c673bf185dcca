#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>

#include "daemon/bell.hpp"
#include "daemon/commit_feed.hpp"
#include "queue/queue.hpp"

namespace genspool::daemon {

/// Lets requests wait for a job to end or to be held. One coroutine reads the event log for all of
/// them, and only while somebody waits. Event-loop thread.
class JobWaits {
public:
    JobWaits(const boost::asio::any_io_executor& executor, queue::Queue& queue, CommitFeed& feed);
    JobWaits(const JobWaits&) = delete;
    JobWaits& operator=(const JobWaits&) = delete;

    /// Reads the log until the feed is closed or it is cancelled. Spawned once.
    boost::asio::awaitable<void> run();

    /// Ends every wait; call after the feed was closed.
    void close();

    /// One wait. Make it first, then look at the job, then wait: so nothing is missed between.
    class Wait {
    public:
        Wait(JobWaits& waits, proto::JobSeq job);
        ~Wait();
        Wait(const Wait&) = delete;
        Wait& operator=(const Wait&) = delete;

        /// True when the job may have ended or been held since this wait was made; false after
        /// `most`, or when the daemon stops.
        boost::asio::awaitable<bool> wait(proto::Duration most);

    private:
        friend class JobWaits;

        void ring();

        JobWaits& waits_;
        boost::asio::steady_timer timer_;
        std::multimap<proto::JobSeq, Wait*>::iterator place_;
        bool rung_ = false;
    };

private:
    boost::asio::awaitable<void> read_on();

    boost::asio::any_io_executor executor_;
    queue::Queue& queue_;
    CommitFeed& feed_;
    Bell first_;  ///< rung when somebody begins to wait
    proto::EventSeq seen_;
    std::multimap<proto::JobSeq, Wait*> waits_;
};

}  // namespace genspool::daemon
