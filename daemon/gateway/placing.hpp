#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>

#include "daemon/api.hpp"
#include "daemon/gateway/answers.hpp"
#include "daemon/gateway/order.hpp"
#include "daemon/problem.hpp"
#include "daemon/request.hpp"

namespace genspool::daemon::gateway {

/// What has become of an order.
struct Placed {
    std::optional<Problem> problem;
    queue::JobView job;
    std::unique_ptr<Answers::Waiter> waiter;

    Placed() = default;
};

/// Admits the job; or, if the answer to the same order of the same principal was lost a short while
/// ago, finds that one's (docs/decisions/0022). An Idempotency-Key decides alone where one is
/// given.
boost::asio::awaitable<Placed> place(Api& api, Request& request, Order order);

/// The whole answer is with the client: the same body is a new order from now on, in this life and
/// the next.
boost::asio::awaitable<void> note_answered(Api& api, proto::JobId job, Answers::Waiter& waiter);

/// Whether a job without an answer is still given to who repeats its order: until ten minutes after
/// its end; where the answer would have come at once, after its admission.
bool is_recent(const Order& order, const proto::JobRecord& job, proto::Instant now);

}  // namespace genspool::daemon::gateway
