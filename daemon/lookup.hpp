#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "daemon/api.hpp"
#include "daemon/problem.hpp"
#include "queue/views.hpp"

namespace genspool::daemon {

/// A job, or why there is none to show.
struct FoundJob {
    std::optional<queue::JobView> job;
    std::optional<queue::Explanation> explanation;  ///< where it was asked for
    std::optional<Problem> problem;                 ///< set where `job` is not

    FoundJob() = default;
};

/// The job whose id begins with `reference`, in one look at the queue.
boost::asio::awaitable<FoundJob> find_job(Api& api, std::string reference, bool explained);

/// The same job again, after something was done with it.
boost::asio::awaitable<FoundJob> find_job(Api& api, proto::JobSeq job, bool explained);

struct FoundBatch {
    std::optional<queue::BatchView> batch;
    std::optional<Problem> problem;

    FoundBatch() = default;
};

/// The sealed batch whose id begins with `reference`; short forms find it among the newest 1,000.
boost::asio::awaitable<FoundBatch> find_batch(Api& api, std::string reference);

}  // namespace genspool::daemon
