#include "workers/http_connect.hpp"

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <sstream>

namespace genspool::workers {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

std::string describe(const tcp::endpoint& endpoint) {
    std::ostringstream text;
    text << endpoint;
    return text.str();
}

/// One address. With others to come it gets only its share of the time, lest a silent one use it
/// up.
asio::awaitable<error_code> try_endpoint(std::shared_ptr<HttpStream> stream, tcp::endpoint endpoint,
                                         HttpDeadline& deadline, std::size_t others) {
    if (others == 0) {
        deadline.watch(stream);
        const error_code error = co_await stream->connect(endpoint);
        co_return error;
    }
    auto executor = co_await asio::this_coro::executor;
    constexpr proto::Duration share_min{1};  // 0 would mean no bound
    const auto part = deadline.left() / static_cast<int>(others + 1);
    HttpDeadline share(executor, std::max(part, share_min));
    share.rest();
    share.watch(stream);
    error_code error = co_await stream->connect(endpoint);
    if (share.expired()) error = asio::error::timed_out;
    co_return error;
}

asio::awaitable<HttpFailure> secure(std::shared_ptr<HttpStream> stream, const HttpTarget& target,
                                    asio::ssl::context& tls) {
    const error_code error = co_await stream->handshake(tls, target.host);
    if (!error) co_return HttpFailure();
    std::string text = "no TLS with " + target.host + ": " + error.message();
    const std::string complaint = stream->verification_complaint();
    if (!complaint.empty()) text += " (" + complaint + ")";
    co_return HttpFailure(HttpError::tls, std::move(text));
}

}  // namespace

asio::awaitable<HttpFailure> connect_to(std::shared_ptr<HttpStream> stream,
                                        const HttpTarget& target, HttpDeadline& deadline,
                                        asio::ssl::context& tls, HostRules rules) {
    const auto state = co_await asio::this_coro::cancellation_state;
    const auto resolved = co_await resolve_host(target, deadline, rules);
    if (resolved.failure) co_return resolved.failure;
    if (state.cancelled() != asio::cancellation_type::none) {
        co_return HttpFailure(HttpError::cancelled, "cancelled after the look-up");
    }

    HttpFailure failure(HttpError::resolve, target.host + " has no address");
    std::size_t others = resolved.endpoints.size();
    for (const tcp::endpoint& endpoint : resolved.endpoints) {
        const error_code error = co_await try_endpoint(stream, endpoint, deadline, --others);
        const bool cancelled = state.cancelled() != asio::cancellation_type::none;
        if (!error && !cancelled && !deadline.expired()) {
            deadline.watch(stream);
            if (!target.tls) co_return HttpFailure();
            auto secured = co_await secure(stream, target, tls);
            co_return secured;
        }
        failure = HttpFailure(HttpError::connect,
                              "cannot connect to " + describe(endpoint) + ": " + error.message());
        if (cancelled || deadline.expired()) break;
    }
    co_return failure;
}

}  // namespace genspool::workers
