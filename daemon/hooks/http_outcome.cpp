#include "daemon/hooks/http_outcome.hpp"

#include <charconv>

namespace genspool::daemon::hooks {

namespace {

constexpr int status_gone = 410;

/// Retry-After in seconds; its other form, a date, is passed over.
proto::Duration retry_after(const workers::HttpHead& head) {
    const std::string_view text = head.header("Retry-After");
    std::uint32_t seconds = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return {};
    return std::chrono::seconds{seconds};
}

}  // namespace

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

}  // namespace genspool::daemon::hooks
