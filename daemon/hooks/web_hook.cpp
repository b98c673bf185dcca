#include "daemon/hooks/web_hook.hpp"

#include <charconv>
#include <utility>

#include "daemon/hooks/signature.hpp"

namespace genspool::daemon::hooks {

namespace {

constexpr int status_gone = 410;
constexpr std::uint64_t reply_bytes_max = 64U << 10U;

/// Retry-After in seconds; its other form, a date, is passed over.
proto::Duration retry_after(const workers::HttpHead& head) {
    const std::string_view text = head.header("Retry-After");
    std::uint32_t seconds = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return {};
    return std::chrono::seconds{seconds};
}

Outcome outcome_of(const workers::HttpReply& reply) {
    Outcome outcome;
    // What the answer says beyond its status is nobody's business.
    const bool answered = reply.progress == workers::HttpProgress::head ||
                          reply.progress == workers::HttpProgress::complete;
    if (!answered) {
        const bool refused = reply.error == workers::HttpError::refused_host;
        outcome.error = refused ? "it is an address of one's own network, which only [hooks] "
                                  "private_hosts allows"
                                : reply.error_text;
        return outcome;
    }
    const int status = reply.head.status;
    if (status >= 200 && status < 300) return outcome;
    outcome.error = "it answered " + std::to_string(status);
    outcome.at_least = retry_after(reply.head);
    outcome.hopeless = status == status_gone;
    return outcome;
}

}  // namespace

WebHook::WebHook(workers::Http& http, workers::Clock& clock, WebHookOptions options)
    : http_(http), clock_(clock), options_(std::move(options)) {}

bool WebHook::wants(const queue::JobView& job) const {
    return !options_.url.empty() || !job.spec.webhook.empty();
}

workers::HttpCall WebHook::call_for(Message message) const {
    const proto::Instant now = clock_.now();
    workers::HttpCall call;
    call.method = "POST";
    call.url = options_.url.empty() ? message.job.spec.webhook : options_.url;
    call.headers.push_back({"Content-Type", "application/cloudevents+json"});
    call.headers.push_back({"webhook-id", message.id});
    call.headers.push_back({"webhook-timestamp", timestamp(now)});
    call.headers.push_back(
        {"webhook-signature", sign(message.id, now, message.body, options_.secrets)});
    if (!message.job.spec.traceparent.empty())
        call.headers.push_back({"traceparent", message.job.spec.traceparent});
    call.body = std::move(message.body);
    call.deadlines.total = options_.timeout;
    call.reply_bytes_max = reply_bytes_max;
    call.public_hosts_only = !options_.private_hosts;
    return call;
}

boost::asio::awaitable<Outcome> WebHook::tell(Message message) {
    workers::HttpCall call = call_for(std::move(message));
    const workers::HttpReply reply = co_await http_.call(std::move(call));
    Outcome outcome = outcome_of(reply);
    co_return outcome;
}

}  // namespace genspool::daemon::hooks
