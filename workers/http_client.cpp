#include "workers/http_client.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "workers/http_connect.hpp"
#include "workers/http_exchange.hpp"
#include "workers/http_request_head.hpp"
#include "workers/http_session.hpp"
#include "workers/http_target.hpp"
#include "workers/http_tls.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

/// Promise 2: a paid request goes only over a connection that answered so recently.
constexpr proto::Duration paid_idle_age_max{2'000};

HttpReply not_sent(HttpError error, std::string text) {
    HttpReply reply;
    reply.error = error;
    reply.error_text = std::move(text);
    return reply;
}

bool may_repeat(const HttpCall& request, HttpExchange& exchange) {
    const bool idempotent = request.method == "GET" || request.method == "HEAD";
    return idempotent && !request.paid && !exchange.answered() &&
           exchange.reply().error == HttpError::reset;
}

}  // namespace

HttpClient::HttpClient(asio::any_io_executor executor, HttpClientOptions options)
    : executor_(std::move(executor)),
      options_(std::move(options)),
      tls_(make_tls_context(options_.extra_ca_file)),
      pool_(options_.idle_connections_max, options_.idle_age_max) {}

HttpClient::~HttpClient() = default;

asio::awaitable<HttpReply> HttpClient::call(HttpCall request) {
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    auto reply = co_await perform(request);
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return reply;
}

asio::awaitable<HttpReply> HttpClient::perform(const HttpCall& request) {
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
        co_return not_sent(HttpError::cancelled, "cancelled before it began");
    }
    const auto target = parse_http_target(request.url);
    if (!target) co_return not_sent(HttpError::bad_url, "not an absolute http or https URL");
    const auto head = write_request_head(request, *target, options_.user_agent);
    if (!head) co_return not_sent(HttpError::protocol, "a header of the request is malformed");

    HttpDeadline deadline(executor_, request.deadlines.total);
    if (request.session) {
        auto reply = co_await call_session(request, *target, deadline);
        co_return reply;
    }
    std::string server = target->server();
    // A connection made without the check of addresses must not serve a call that wants it.
    if (request.public_hosts_only) server += "|public";
    if (auto kept = take_kept(request, *target, server)) {
        deadline.watch(kept);
        HttpExchange exchange(*kept, deadline, request, *head);
        co_await exchange.run();
        if (!may_repeat(request, exchange)) {
            if (exchange.reusable()) pool_.put(std::move(server), std::move(kept));
            co_return std::move(exchange.reply());
        }
    }
    auto reply = co_await call_fresh(request, *target, deadline, *head, server);
    co_return reply;
}

std::shared_ptr<HttpStream> HttpClient::take_kept(const HttpCall& request, const HttpTarget& target,
                                                  const std::string& server) {
    if (!request.paid) return pool_.take(server, options_.idle_age_max);
    // What a server sent unasked may already lie decrypted inside the TLS engine, where quiet()
    // does not see it: it would be read as the answer to the purchase.
    if (target.tls) return nullptr;
    return pool_.take(server, paid_idle_age_max);
}

asio::awaitable<HttpFailure> HttpClient::connect(std::shared_ptr<HttpStream> stream,
                                                 const HttpCall& request, const HttpTarget& target,
                                                 HttpDeadline& deadline) {
    const auto state = co_await asio::this_coro::cancellation_state;
    deadline.phase(request.deadlines.connect);
    HostRules rules;
    rules.public_only = request.public_hosts_only;
    rules.strangers = request.strangers_host;
    auto failure = co_await connect_to(stream, target, deadline, *tls_, rules);
    if (state.cancelled() != asio::cancellation_type::none) {
        co_return HttpFailure(HttpError::cancelled, "cancelled before the request was sent");
    }
    if (deadline.expired()) {
        co_return HttpFailure(HttpError::timeout, "out of time connecting to " + target.authority);
    }
    co_return failure;
}

asio::awaitable<HttpReply> HttpClient::call_session(const HttpCall& request,
                                                    const HttpTarget& target,
                                                    HttpDeadline& deadline) {
    auto stream = std::make_shared<HttpStream>(executor_);
    auto failure = co_await connect(stream, request, target, deadline);
    if (failure) co_return not_sent(failure.error, std::move(failure.text));
    auto reply =
        co_await run_session(std::move(stream), deadline, request, target, options_.user_agent);
    co_return reply;
}

asio::awaitable<HttpReply> HttpClient::call_fresh(const HttpCall& request, const HttpTarget& target,
                                                  HttpDeadline& deadline, const std::string& head,
                                                  const std::string& server) {
    auto stream = std::make_shared<HttpStream>(executor_);
    auto failure = co_await connect(stream, request, target, deadline);
    if (failure) co_return not_sent(failure.error, std::move(failure.text));

    HttpExchange exchange(*stream, deadline, request, head);
    co_await exchange.run();
    if (exchange.reusable()) pool_.put(server, std::move(stream));
    co_return std::move(exchange.reply());
}

}  // namespace genspool::workers
