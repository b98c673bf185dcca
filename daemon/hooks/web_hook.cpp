#include "daemon/hooks/web_hook.hpp"

#include <utility>

#include "daemon/hooks/http_outcome.hpp"
#include "daemon/hooks/signature.hpp"

namespace genspool::daemon::hooks {

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
    call.strangers_host = true;
    return call;
}

boost::asio::awaitable<Outcome> WebHook::tell(Message message) {
    workers::HttpCall call = call_for(std::move(message));
    const workers::HttpReply reply = co_await http_.call(std::move(call));
    Outcome outcome = outcome_of(reply);
    co_return outcome;
}

}  // namespace genspool::daemon::hooks
