#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/api.hpp"
#include "daemon/gateway/answers.hpp"
#include "daemon/problem.hpp"
#include "daemon/request.hpp"

namespace genspool::daemon::gateway {

/// The label of jobs that came through the gateway: whether their answer has been written whole.
inline constexpr std::string_view answer_label = "gateway";
inline constexpr std::string_view answer_waits = "unanswered";
inline constexpr std::string_view answer_given = "answered";

/// What a client wants bought.
struct Order {
    std::string identity;  ///< path and body in their canonical form, with files by their hashes
    std::string line;      ///< the job as JSON text, with answer_label: answer_waits
    bool answered_at_once = false;  ///< with a task's number; else when the job has ended

    Order() = default;
};

/// What has become of an order.
struct Placed {
    std::optional<Problem> problem;
    queue::JobView job;
    bool repeated =
        false;  ///< it is a repeat of one whose answer was lost, and gets that one's job
    std::unique_ptr<Answers::Waiter> waiter;

    Placed() = default;
};

/// Admits the job; or, if the answer to the same order of the same principal was lost a short while
/// ago, finds that one's (docs/decisions/0020). An Idempotency-Key decides alone where one is
/// given.
boost::asio::awaitable<Placed> place(Api& api, Request& request, Order order);

/// The whole answer is with the client: the same body is a new order from now on, in this life and
/// the next.
boost::asio::awaitable<void> note_answered(Api& api, Caller caller, proto::JobId job,
                                           Answers::Waiter& waiter);

/// For how long after its end (or, answered at once, after its admission) a job is given to who
/// repeats himself.
inline constexpr proto::Duration repeat_window = std::chrono::minutes{10};

}  // namespace genspool::daemon::gateway
