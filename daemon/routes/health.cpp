#include "daemon/api.hpp"
#include "daemon/problem.hpp"
#include "daemon/routes/routes.hpp"
#include "daemon/store_probe.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

asio::awaitable<Reply> healthz(Api&, Request&) {
    co_return Reply(200, R"({"status":"ok"})");
}

asio::awaitable<Reply> readyz(Api& api, Request&) {
    if (api.stopping)
        co_return to_reply(
            Problem("stopping", "The daemon is stopping: it waits for paid requests on the wire."));
    const StoreHealth store = co_await probe_store(api.queue, api.line);
    if (store == StoreHealth::full)
        co_return to_reply(Problem("disk_full", "The disk is full; no job is taken."));
    if (store == StoreHealth::broken)
        co_return to_reply(Problem("internal", "The store cannot be written."));
    co_return Reply(200, R"({"status":"ready"})");
}

}  // namespace genspool::daemon::routes
