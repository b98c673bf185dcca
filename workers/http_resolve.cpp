#include "workers/http_resolve.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>

#include "workers/http_address.hpp"

namespace genspool::workers {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// All look-ups of an event loop go one after the other, on one thread. Those of strangers' hosts
/// have another one.
class StrangersLookUps : public asio::execution_context::service {
public:
    using key_type = StrangersLookUps;
    static inline asio::execution_context::id id;

    explicit StrangersLookUps(asio::execution_context& loop) : service(loop) {}

    asio::any_io_executor executor() { return thread_.get_executor(); }

private:
    void shutdown() override {
        thread_.stop();
        thread_.join();
    }

    asio::thread_pool thread_{1};
};

asio::any_io_executor look_ups_of(const asio::any_io_executor& loop, const HostRules& rules) {
    if (!rules.strangers) return loop;
    return asio::use_service<StrangersLookUps>(asio::query(loop, asio::execution::context))
        .executor();
}

/// Outlives the call that began it, since the system's look-up cannot be interrupted.
struct LookUp {
    LookUp(const asio::any_io_executor& look_ups, const asio::any_io_executor& loop)
        : resolver(look_ups), answered(loop) {}

    tcp::resolver resolver;
    asio::steady_timer answered;  ///< cancelled when the answer is there
    bool done = false;
    error_code error;
    std::vector<tcp::endpoint> endpoints;
};

void begin(const std::shared_ptr<LookUp>& look_up, const HttpTarget& target) {
    look_up->resolver.async_resolve(
        target.host, target.port, tcp::resolver::numeric_service,
        asio::bind_executor(
            look_up->answered.get_executor(),
            [look_up](const error_code& error, const tcp::resolver::results_type& results) {
                look_up->done = true;
                look_up->error = error;
                for (const auto& result : results)
                    look_up->endpoints.push_back(result.endpoint());
                look_up->answered.cancel();
            }));
}

void keep_public(ResolvedHost& resolved, const std::string& host) {
    std::erase_if(resolved.endpoints, [](const tcp::endpoint& endpoint) {
        return !is_public_address(endpoint.address());
    });
    if (!resolved.endpoints.empty()) return;
    resolved.failure =
        HttpFailure(HttpError::refused_host,
                    host + " has no public address; [fetch] private_hosts allows others");
}

}  // namespace

asio::awaitable<ResolvedHost> resolve_host(HttpTarget target, HttpDeadline& deadline,
                                           HostRules rules) {
    ResolvedHost resolved;
    error_code not_an_address;
    const auto literal = asio::ip::make_address(target.host, not_an_address);
    if (!not_an_address) {
        const auto port = static_cast<std::uint16_t>(std::stoul(target.port));
        resolved.endpoints.emplace_back(literal, port);
    } else {
        auto executor = co_await asio::this_coro::executor;
        const auto state = co_await asio::this_coro::cancellation_state;
        const auto look_up = std::make_shared<LookUp>(look_ups_of(executor, rules), executor);
        look_up->answered.expires_after(deadline.left());
        begin(look_up, target);
        co_await look_up->answered.async_wait(asio::as_tuple(asio::deferred));
        if (!look_up->done) {
            look_up->resolver.cancel();
            if (state.cancelled() == asio::cancellation_type::none) deadline.expire();
            resolved.failure = HttpFailure(HttpError::resolve, "looking up " + target.host);
            co_return resolved;
        }
        if (look_up->error) {
            const std::string text = "cannot resolve " + target.host + ": ";
            resolved.failure = HttpFailure(HttpError::resolve, text + look_up->error.message());
            co_return resolved;
        }
        resolved.endpoints = std::move(look_up->endpoints);
    }
    if (rules.public_only) keep_public(resolved, target.host);
    co_return resolved;
}

}  // namespace genspool::workers
