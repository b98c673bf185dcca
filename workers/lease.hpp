#pragma once

#include <boost/asio/awaitable.hpp>

#include "queue/commands.hpp"
#include "workers/tools.hpp"

namespace genspool::workers {

/// One step's work, and the way to report on it. Until the queue has been told how the step ended
/// it hands out no other step of this job. Event-loop thread only; owned by the worker's frame.
class Lease {
public:
    Lease(Tools& tools, queue::Work work);

    queue::WorkKind kind() const { return work_.kind; }
    const proto::JobRecord& record() const { return work_.record; }
    const proto::JobSpec& spec() const { return *work_.spec; }
    /// null: nothing is known.
    const std::shared_ptr<const proto::CompletionTimes>& times() const { return work_.times; }

    /// Tells the queue, and returns when what it made of it is on disk. False: the job has moved on
    /// meanwhile, and the report counts for nothing.
    boost::asio::awaitable<bool> report(queue::Report report);

    /// The preparation is done. True: the purchase is on record, and the paid call may be made.
    /// False: the step is over.
    boost::asio::awaitable<bool> prepared(std::string listed_as);

    /// As report(), and the step is over.
    boost::asio::awaitable<bool> finish(queue::Report report);
    bool finished() const { return finished_; }

    /// The step ends without a word: the process is about to end, and leases with it.
    void abandon() { finished_ = true; }

private:
    boost::asio::awaitable<queue::Answer> ask(queue::Report report);

    Tools& tools_;
    queue::Work work_;
    bool finished_ = false;
};

}  // namespace genspool::workers
