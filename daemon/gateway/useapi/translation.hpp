#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/gateway/order.hpp"
#include "daemon/gateway/useapi/calls.hpp"
#include "queue/views.hpp"

/// A body for the upstream, and the job that it means.
namespace genspool::daemon::gateway::useapi {

/// What a body says beside what is to be made.
struct Wishes {
    std::string account;           ///< as the client calls it; empty: none
    std::string reply_ref;         ///< shown again in whatever tells of the job
    bool answered_at_once = true;  ///< with an id; else when the job has ended

    Wishes() = default;
};

/// Takes out of the body what is no part of the order, or ours to decide.
Wishes take_wishes(const PaidCall& call, boost::json::object& body);

/// The texts in a body that are ids of files, each once, in the order in which they come first.
std::vector<std::string> files_named(const boost::json::object& body);

/// A form's field as JSON has it.
boost::json::value field_value(std::string_view name, std::string_view text);

/// What ids of ours stand for: references to files.
using Meant = std::map<std::string, boost::json::value>;

/// What a body orders. `account`: to be bound to it, by its name here; empty: any.
Order order_of(const PaidCall& call, boost::json::object body, const Meant& meant,
               const std::string& account, const Wishes& wishes);

/// The client's word for the job; empty: it gave none.
std::string reply_ref_of(const queue::JobView& job);

}  // namespace genspool::daemon::gateway::useapi
