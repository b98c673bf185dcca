#pragma once

#include <deque>
#include <map>
#include <set>

#include "daemon/request.hpp"
#include "proto/ids.hpp"

namespace genspool::daemon::gateway {

/// Who waits for the answers of jobs that came through the gateway, in this life of the daemon.
/// Event-loop thread.
class Answers {
public:
    Answers() = default;
    Answers(const Answers&) = delete;
    Answers& operator=(const Answers&) = delete;

    /// A client waits for the job's answer. It must outlive this.
    class Waiter {
    public:
        Waiter(Answers& answers, proto::JobSeq job, BodySource& client);
        ~Waiter();
        Waiter(const Waiter&) = delete;
        Waiter& operator=(const Waiter&) = delete;

        /// Whether the client is known to have gone.
        bool gone() const { return client_.gone(); }
        /// It has the whole answer: from now on the job is nobody's any more who repeats himself.
        void is_answered();

    private:
        Answers& answers_;
        BodySource& client_;
        std::multimap<proto::JobSeq, Waiter*>::iterator place_;
    };

    /// Whether somebody waits for it who has not gone.
    bool awaited(proto::JobSeq job) const;

    /// Whether somebody has had its answer. Known of the last thousands: for who has looked at the
    /// queue's row, whose absence tells it for good, a moment too early.
    bool answered(proto::JobSeq job) const { return answered_.contains(job); }

private:
    std::multimap<proto::JobSeq, Waiter*> waiters_;
    std::set<proto::JobSeq> answered_;
    std::deque<proto::JobSeq> answered_last_;  ///< the same, newest last
};

}  // namespace genspool::daemon::gateway
