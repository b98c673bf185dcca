#include <functional>
#include <utility>

#include "daemon/api.hpp"
#include "daemon/problem.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/routes.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

/// Writes down again where the results' writer stands: a real, synced write that changes nothing.
/// Had the writer moved on meanwhile (`stale`), it has written itself.
asio::awaitable<bool> can_write(Api& api) {
    queue::Consume probe;
    probe.cursor = "results";
    std::function<void(const queue::Reader&)> errand = [&probe](const queue::Reader& reader) {
        probe.upto = reader.cursor(probe.cursor);
    };
    co_await look(api.queue, std::move(errand));
    queue::Command command = std::move(probe);
    queue::Answer answer = co_await api.line.ask(std::move(command));
    co_return answer.errc == queue::Errc::ok || answer.errc == queue::Errc::already ||
        answer.errc == queue::Errc::stale;
}

}  // namespace

asio::awaitable<Reply> healthz(Api&, Request&) {
    co_return Reply(200, R"({"status":"ok"})");
}

asio::awaitable<Reply> readyz(Api& api, Request&) {
    if (api.stopping)
        co_return to_reply(
            Problem("stopping", "The daemon is stopping: it waits for paid requests on the wire."));
    queue::Stats stats;
    std::function<void(const queue::Reader&)> errand = [&stats](const queue::Reader& reader) {
        stats = reader.stats();
    };
    co_await look(api.queue, std::move(errand));
    if (stats.disk == queue::DiskGate::no_intake)
        co_return to_reply(Problem("disk_full", "The disk is full; no job is taken."));
    const bool writes = co_await can_write(api);
    if (!writes) co_return to_reply(Problem("internal", "The store cannot be written."));
    co_return Reply(200, R"({"status":"ready"})");
}

}  // namespace genspool::daemon::routes
