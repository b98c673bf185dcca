#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>

#include "daemon/api.hpp"
#include "daemon/gateway/gateway.hpp"
#include "daemon/gateway/minimax/calls.hpp"
#include "daemon/gateway/minimax/task_words.hpp"
#include "daemon/gateway/number.hpp"
#include "daemon/problem.hpp"
#include "daemon/reply.hpp"
#include "daemon/request.hpp"

/// The calls of the upstream's API, one file each area. A request's arguments[0] is its path below
/// /minimax, and arguments[1], where the call has one, the id in it. Event-loop thread.
namespace genspool::daemon::gateway::minimax {

boost::asio::awaitable<Reply> paid_call(Api& api, Request& request);

boost::asio::awaitable<Reply> query_video(Api& api, Request& request);
boost::asio::awaitable<Reply> query_template(Api& api, Request& request);
boost::asio::awaitable<Reply> query_speech(Api& api, Request& request);
boost::asio::awaitable<Reply> query_v2(Api& api, Request& request);
boost::asio::awaitable<Reply> list_v2(Api& api, Request& request);
boost::asio::awaitable<Reply> cancel_v2(Api& api, Request& request);
boost::asio::awaitable<Reply> show_batch(Api& api, Request& request);
boost::asio::awaitable<Reply> list_batches(Api& api, Request& request);
boost::asio::awaitable<Reply> cancel_batch(Api& api, Request& request);

boost::asio::awaitable<Reply> upload_file(Api& api, Request& request);
boost::asio::awaitable<Reply> list_files(Api& api, Request& request);
boost::asio::awaitable<Reply> retrieve_file(Api& api, Request& request);
boost::asio::awaitable<Reply> file_content(Api& api, Request& request);
boost::asio::awaitable<Reply> delete_file(Api& api, Request& request);
boost::asio::awaitable<Reply> download(Api& api, Request& request);

boost::asio::awaitable<Reply> get_voice(Api& api, Request& request);
boost::asio::awaitable<Reply> delete_voice(Api& api, Request& request);
boost::asio::awaitable<Reply> models(Api& api, Request& request);
boost::asio::awaitable<Reply> plan(Api& api, Request& request);

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
boost::asio::awaitable<void> visit_newest(Api& api, queue::Filter filter, proto::JobSeq before,
                                          std::function<bool(const queue::JobView&)> visit);

/// Where the client that asks can load the job's files. `api` and `job` outlive it.
Link link_for(const Api& api, const Request& request, const queue::JobView& job);

/// The body as an object; nullopt and `problem`: it is none.
struct ObjectRead {
    boost::json::object object;
    std::optional<Problem> problem;

    ObjectRead() = default;
};
boost::asio::awaitable<ObjectRead> read_json(Api& api, Request& request);

/// A file that is kept for requests to name, as PUT /v1/blobs does.
struct FileKept {
    workers::BlobKept kept;
    std::optional<Problem> problem;

    FileKept() = default;
};
boost::asio::awaitable<FileKept> keep_file(Api& api, std::string bytes, std::string media_type);

/// A problem told at the path of the request.
Reply refused(const Request& request, const Problem& problem);
/// "invalid params, invalid task_id".
Reply unknown(const Request& request, const std::string& what);

}  // namespace genspool::daemon::gateway::minimax
