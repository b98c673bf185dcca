#include "daemon/metrics.hpp"

#include <functional>
#include <utility>

#include "daemon/api.hpp"
#include "daemon/hooks/hooks.hpp"
#include "daemon/query.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/routes.hpp"

namespace genspool::daemon::routes {

namespace {

std::vector<HookFigures> figures_of(const hooks::Hooks* hooks) {
    std::vector<HookFigures> all;
    if (hooks == nullptr) return all;
    for (const hooks::Hooks::Entry& entry : hooks->all()) {
        const hooks::Standing standing = entry.courier->standing();
        all.push_back({entry.courier->name(), standing.taken, standing.failed, standing.waiting,
                       standing.behind});
    }
    return all;
}

}  // namespace

boost::asio::awaitable<Reply> metrics(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    Figures figures;
    std::function<void(const queue::Reader&)> errand = [&figures](const queue::Reader& reader) {
        figures.stats = reader.stats();
        figures.oldest = reader.oldest();
        figures.accounts = reader.accounts();
    };
    co_await look(api.queue, std::move(errand));
    figures.now = api.clock.now();
    figures.started_at = api.started_at;
    figures.hooks = figures_of(api.hooks);
    figures.process = ProcessFigures::read();
    Reply reply(200, metrics_text(figures));
    reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
    co_return reply;
}

}  // namespace genspool::daemon::routes
