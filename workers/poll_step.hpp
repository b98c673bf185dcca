#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "workers/lease.hpp"
#include "workers/tools.hpp"

namespace genspool::workers {

/// Asks the upstream for the open tasks of one job, once each. Event-loop thread only.
class PollStep {
public:
    /// Both must outlive it.
    PollStep(Tools& tools, Lease& lease) : tools_(tools), lease_(lease) {}

    boost::asio::awaitable<void> run();

private:
    boost::asio::awaitable<std::optional<proto::PollOutcome>> query(proto::Task task);
    boost::asio::awaitable<std::optional<proto::TaskFailed>> cancel(proto::Task task,
                                                                    std::string state);
    HttpCall prepare(const proto::Provider& provider, const Account& account,
                     const proto::Task& task) const;
    void note(const proto::Task& task, proto::PollOutcome outcome);
    void note_lost(const proto::Task& task, proto::Failure why);
    queue::Report report();
    proto::Instant poll_at();

    Tools& tools_;
    Lease& lease_;
    const proto::Codec* codec_ = nullptr;
    bool shared_ = false;  ///< it was a list that told of the last of them

    // What the tasks asked so far have said.
    std::optional<proto::StillRunning> running_;
    std::optional<proto::Refusal> refusal_;  ///< the query was refused, not the task
    std::optional<proto::Refusal> gone_;
    std::optional<proto::TaskFailed> failed_;
    std::optional<proto::TaskDone> done_;
    std::vector<std::string> results_;   ///< of the tasks that are done, where they have one
    std::vector<proto::Artifact> lost_;  ///< of tasks that failed or are gone
};

}  // namespace genspool::workers
