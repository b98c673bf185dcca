#pragma once

#include <string>

#include "daemon/hooks/hook.hpp"
#include "queue/queue.hpp"
#include "workers/http.hpp"

namespace genspool::daemon::hooks {

/// Sends each job's way to a collector of OpenTelemetry's, once it has ended (OTLP over HTTP, in
/// JSON). Is tried again only where that protocol allows it.
class OtlpHook : public Hook {
public:
    /// `url`: of its traces, as in "http://127.0.0.1:4318/v1/traces".
    OtlpHook(workers::Http& http, queue::Queue& queue, std::string url, proto::Duration timeout);

    bool wants(const queue::JobView&) const override { return true; }
    boost::asio::awaitable<Outcome> tell(Message message) override;

private:
    boost::asio::awaitable<std::string> spans_of(const Message& message);

    workers::Http& http_;
    queue::Queue& queue_;
    std::string url_;
    proto::Duration timeout_;
};

}  // namespace genspool::daemon::hooks
