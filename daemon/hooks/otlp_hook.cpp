#include "daemon/hooks/otlp_hook.hpp"

#include <functional>
#include <utility>

#include "daemon/hooks/http_outcome.hpp"
#include "daemon/hooks/spans.hpp"
#include "daemon/queue_calls.hpp"

namespace genspool::daemon::hooks {

namespace asio = boost::asio;

namespace {

constexpr std::size_t events_max = 1'000;  ///< of a job's history; what comes behind is left out

/// All but these must not be tried again (OTLP 1.x, "Failures"). 0: there was no answer.
bool may_be_tried_again(int status) {
    return status == 0 || status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

OtlpHook::OtlpHook(workers::Http& http, queue::Queue& queue, std::string url,
                   proto::Duration timeout)
    : http_(http), queue_(queue), url_(std::move(url)), timeout_(timeout) {}

asio::awaitable<std::string> OtlpHook::spans_of(const Message& message) {
    std::vector<queue::EventRecord> history;
    std::function<void(const queue::Reader&)> read = [&](const queue::Reader& reader) {
        history = reader.events({}, events_max, message.event.job);
    };
    co_await look(queue_, std::move(read));
    // It may have gone on since, or its end may lie beyond what was read.
    std::erase_if(history,
                  [&](const queue::EventRecord& event) { return event.seq >= message.event.seq; });
    history.push_back(message.event);
    co_return spans_text(history, message.job);
}

asio::awaitable<Outcome> OtlpHook::tell(Message message) {
    Outcome outcome;
    workers::HttpCall call;
    call.body = co_await spans_of(message);
    if (call.body.empty()) co_return outcome;
    call.method = "POST";
    call.url = url_;
    call.strangers_host = true;
    call.headers.push_back({"Content-Type", "application/json"});
    call.deadlines.total = timeout_;
    call.reply_bytes_max = reply_bytes_max;
    const workers::HttpReply reply = co_await http_.call(std::move(call));
    outcome = outcome_of(reply);
    outcome.hopeless = !outcome.error.empty() && !may_be_tried_again(reply.head.status);
    co_return outcome;
}

}  // namespace genspool::daemon::hooks
