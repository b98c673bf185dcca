#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "daemon/api.hpp"
#include "daemon/gateway/gateway.hpp"
#include "daemon/gateway/goods.hpp"
#include "daemon/gateway/intake.hpp"
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

boost::asio::awaitable<Reply> get_voice(Api& api, Request& request);
boost::asio::awaitable<Reply> delete_voice(Api& api, Request& request);
boost::asio::awaitable<Reply> models(Api& api, Request& request);
boost::asio::awaitable<Reply> plan(Api& api, Request& request);

/// A problem told at the path of the request.
Reply refused(const Request& request, const Problem& problem);
/// "invalid params, invalid task_id".
Reply unknown(const Request& request, const std::string& what);

}  // namespace genspool::daemon::gateway::minimax
