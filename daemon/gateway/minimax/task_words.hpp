#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>

#include "daemon/gateway/minimax/calls.hpp"
#include "daemon/gateway/minimax/translation.hpp"
#include "queue/views.hpp"

/// Jobs as the upstream tells of tasks and files.
namespace genspool::daemon::gateway::minimax {

/// The address of a job's n-th file.
using Link = std::function<std::string(std::size_t n)>;

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

/// What came of the job beside files; empty: nothing.
boost::json::object result_of(const queue::JobView& job);

/// As the upstream tells times.
std::int64_t unix_seconds(proto::Instant at);

/// Whether the n-th artifact can be loaded.
bool is_home(const queue::JobView& job, std::size_t n);

/// For what a file of such a job is, in the upstream's words.
std::string_view purpose_of(const queue::JobView& job);

}  // namespace genspool::daemon::gateway::minimax
