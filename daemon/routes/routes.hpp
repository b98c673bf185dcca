#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/reply.hpp"
#include "daemon/request.hpp"

namespace genspool::daemon {

struct Api;

/// The handlers of the API, one file each area under daemon/routes/. See docs/api.md for what each
/// takes and answers. Event-loop thread; the request lives until the reply is sent.
namespace routes {

boost::asio::awaitable<Reply> submit(Api& api, Request& request);
boost::asio::awaitable<Reply> list_jobs(Api& api, Request& request);
boost::asio::awaitable<Reply> show_job(Api& api, Request& request);
boost::asio::awaitable<Reply> cancel_job(Api& api, Request& request);
boost::asio::awaitable<Reply> retry_job(Api& api, Request& request);
boost::asio::awaitable<Reply> resolve_job(Api& api, Request& request);
boost::asio::awaitable<Reply> patch_job(Api& api, Request& request);
boost::asio::awaitable<Reply> cancel_many(Api& api, Request& request);
boost::asio::awaitable<Reply> retry_many(Api& api, Request& request);
boost::asio::awaitable<Reply> explain_job(Api& api, Request& request);
boost::asio::awaitable<Reply> job_events(Api& api, Request& request);
boost::asio::awaitable<Reply> artifact(Api& api, Request& request);
boost::asio::awaitable<Reply> put_blob(Api& api, Request& request);
boost::asio::awaitable<Reply> events(Api& api, Request& request);
boost::asio::awaitable<Reply> list_batches(Api& api, Request& request);
boost::asio::awaitable<Reply> show_batch(Api& api, Request& request);
boost::asio::awaitable<Reply> patch_batch(Api& api, Request& request);
boost::asio::awaitable<Reply> batch_results(Api& api, Request& request);
boost::asio::awaitable<Reply> batch_errors(Api& api, Request& request);
boost::asio::awaitable<Reply> cancel_batch(Api& api, Request& request);
boost::asio::awaitable<Reply> accounts(Api& api, Request& request);
boost::asio::awaitable<Reply> pause_account(Api& api, Request& request);
boost::asio::awaitable<Reply> resume_account(Api& api, Request& request);
boost::asio::awaitable<Reply> list_hooks(Api& api, Request& request);
boost::asio::awaitable<Reply> show_hook(Api& api, Request& request);
boost::asio::awaitable<Reply> retry_hook(Api& api, Request& request);
boost::asio::awaitable<Reply> remote(Api& api, Request& request);
boost::asio::awaitable<Reply> pause_queue(Api& api, Request& request);
boost::asio::awaitable<Reply> resume_queue(Api& api, Request& request);
boost::asio::awaitable<Reply> show_queue(Api& api, Request& request);
boost::asio::awaitable<Reply> back_up(Api& api, Request& request);
boost::asio::awaitable<Reply> stats(Api& api, Request& request);
boost::asio::awaitable<Reply> times(Api& api, Request& request);
boost::asio::awaitable<Reply> ledger(Api& api, Request& request);
boost::asio::awaitable<Reply> ledger_totals(Api& api, Request& request);
boost::asio::awaitable<Reply> speak_mcp(Api& api, Request& request);
boost::asio::awaitable<Reply> show_session(Api& api, Request& request);
boost::asio::awaitable<Reply> sign_in(Api& api, Request& request);
boost::asio::awaitable<Reply> sign_out(Api& api, Request& request);
boost::asio::awaitable<Reply> dashboard(Api& api, Request& request);
boost::asio::awaitable<Reply> metrics(Api& api, Request& request);
boost::asio::awaitable<Reply> healthz(Api& api, Request& request);
boost::asio::awaitable<Reply> readyz(Api& api, Request& request);

}  // namespace routes
}  // namespace genspool::daemon
