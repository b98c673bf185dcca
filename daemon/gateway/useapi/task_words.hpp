#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "daemon/gateway/goods.hpp"
#include "daemon/gateway/useapi/calls.hpp"
#include "daemon/gateway/useapi/ids.hpp"
#include "queue/views.hpp"

/// Jobs as the upstream tells of what it makes.
namespace genspool::daemon::gateway::useapi {

/// How many things with an id of their own the job makes.
std::size_t count_of(const queue::JobView& job, Word word);

/// The answer to a create that does not wait. A repeat may find that all is done: `link`, as below.
std::string created(const PaidCall& call, const queue::JobView& job, const Link& link);

/// How far the n-th thing is that a job makes.
struct Standing {
    int number = 0;  ///< as videos and pictures tell it
    std::string_view label;
    bool final = false;
    bool completed = false;
};
Standing standing_of(const queue::JobView& job, std::size_t n);

/// The n-th thing that a job makes, as the query for it answers: a video, a picture, a clip, a
/// song, or an agent's work. `link` addresses the job's files.
boost::json::object shown(const queue::JobView& job, Word word, std::size_t n, const Link& link);

/// A spoken text in the list of them.
boost::json::object listed_clip(const queue::JobView& job, const Link& link);

/// As the upstream tells times, in milliseconds.
std::int64_t milliseconds(proto::Instant at);

/// "02:15".
std::string elapsed(proto::Duration span);

}  // namespace genspool::daemon::gateway::useapi
