#include "workers/upstream_clock.hpp"

#include "proto/http_time.hpp"
#include "queue/search.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

std::optional<proto::Duration> clock_ahead(const proto::Reply& reply, proto::Instant now) {
    const std::optional<proto::Instant> said = proto::replied_at(reply);
    if (!said) return std::nullopt;
    return *said - now;
}

asio::awaitable<void> note_clock(Tools& tools, std::string account,
                                 std::optional<proto::Duration> ahead) {
    if (!ahead) co_return;
    const auto [told, first] = tools.clocks_ahead.try_emplace(account, *ahead);
    if (!first && !queue::clocks_differ(told->second, *ahead)) co_return;
    told->second = *ahead;
    queue::Command command = queue::NoteClock{std::move(account), *ahead};
    co_await tools.queue.ask(std::move(command));
}

}  // namespace genspool::workers
