#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "daemon/gateway/goods.hpp"
#include "daemon/gateway/minimax/calls.hpp"
#include "daemon/gateway/minimax/translation.hpp"
#include "queue/views.hpp"

/// Jobs as the upstream tells of tasks and files.
namespace genspool::daemon::gateway::minimax {

/// The answer to a create.
std::string created(const PaidCall& call, const queue::JobView& job, const Wishes& wishes);

/// The answers to queries.
std::string queried_video(const queue::JobView& job);
std::string queried_template(const queue::JobView& job, const Link& link);
std::string queried_speech(const queue::JobView& job);
boost::json::object task_v2(const queue::JobView& job, const Link& link);
boost::json::object batch_object(const queue::JobView& job);

/// A job's file, as files/retrieve and files/list tell of it. `url` empty: without one.
boost::json::object file_object(const queue::JobView& job, std::size_t n, const std::string& url);

/// As the upstream tells times.
std::int64_t unix_seconds(proto::Instant at);

/// For what a file of such a job is, in the upstream's words.
std::string_view purpose_of(const queue::JobView& job);

}  // namespace genspool::daemon::gateway::minimax
