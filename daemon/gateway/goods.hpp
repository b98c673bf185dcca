#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/api.hpp"
#include "daemon/gateway/number.hpp"
#include "daemon/problem.hpp"
#include "daemon/reply.hpp"
#include "daemon/request.hpp"
#include "queue/views.hpp"

/// Jobs and what they have made, as clients of the gateway name them.
namespace genspool::daemon::gateway {

/// The job that a number leads to; nullopt: there is none.
boost::asio::awaitable<std::optional<queue::JobView>> find_named(Api& api, Number number);

/// A job that a client's number names; nullopt: there is none, or the number is of something else.
boost::asio::awaitable<std::optional<queue::JobView>> find_task(Api& api, std::string number);

/// A job's file that a client's number names.
struct NamedFile {
    queue::JobView job;
    std::size_t n = 0;
};
boost::asio::awaitable<std::optional<NamedFile>> find_file(Api& api, std::string number);

/// Shows jobs of this provider, newest first, before `before` (0: from the newest), until `visit`
/// has enough and says false, or many were looked at.
boost::asio::awaitable<void> visit_newest(Api& api, std::string_view provider, queue::Filter filter,
                                          proto::JobSeq before,
                                          std::function<bool(const queue::JobView&)> visit);

/// Cancels it for who asks; what the queue says to that, where it did not.
boost::asio::awaitable<std::optional<Problem>> cancel(Api& api, const Request& request,
                                                      proto::JobSeq job);

/// The address of a job's n-th file; empty: it has none.
using Link = std::function<std::string(std::size_t n)>;

/// Where the client that asks can load the job's files: below the upstream whose paths it uses.
/// `api` and `job` outlive it.
Link link_for(const Api& api, const Request& request, const queue::JobView& job);

/// How the client has reached us: what stands before the path in a link.
std::string base_url(const Api& api, const Request& request);

/// The bytes of one that is home, as GET /v1/jobs/ID/artifacts/N answers.
boost::asio::awaitable<Reply> send_file(Api& api, Request& request, const NamedFile& file);

/// Answers GET of such a link.
boost::asio::awaitable<Reply> download(Api& api, Request& request);

/// The n-th file that the job's last purchase made, and how many there are; nullptr: there is none.
/// What an earlier one made is not what its client asks for, and neither is what is bought anew.
const proto::Artifact* file_at(const queue::JobView& job, std::size_t n);
std::size_t file_count(const queue::JobView& job);

/// Whether the n-th of them can be loaded.
bool is_home(const queue::JobView& job, std::size_t n);

/// Where it stands among all of the job's artifacts, as "$artifact" and /v1/jobs name it.
std::string place_of(const queue::JobView& job, std::size_t n);

/// What was ordered.
boost::json::object request_of(const queue::JobView& job);

/// What came of the job beside files; empty: nothing.
boost::json::object result_of(const queue::JobView& job);

/// Empty: it has no such label.
std::string label_of(const queue::JobView& job, std::string_view name);

}  // namespace genspool::daemon::gateway
