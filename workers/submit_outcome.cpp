#include "workers/submit_outcome.hpp"

#include <utility>

namespace genspool::workers {

namespace {

std::string transport_code(const HttpReply& reply) {
    return "transport." + std::string(to_string(reply.error));
}

std::string words(const HttpReply& reply) {
    return reply.error_text.empty() ? std::string(to_string(reply.error)) : reply.error_text;
}

queue::Report taken(proto::Taken outcome, proto::Instant poll_at) {
    queue::TakenUp report;
    report.tasks = std::move(outcome.tasks);
    report.poll_at = poll_at;
    return report;
}

queue::Report delivered(proto::Delivered outcome, proto::Send send) {
    queue::DeliveredAtOnce report;
    report.artifacts = std::move(outcome.artifacts);
    report.result = std::move(outcome.result);
    report.made = std::move(outcome.made);
    for (proto::Artifact& artifact : report.artifacts)
        artifact.source.send = send;
    return report;
}

}  // namespace

std::optional<queue::Report> judge_transport(const HttpReply& reply) {
    switch (reply.progress) {
        case HttpProgress::complete:
            return std::nullopt;
        case HttpProgress::not_sent: {
            if (reply.error == HttpError::cancelled) {
                return queue::PutBack{"the daemon is stopping"};
            }
            return queue::Refused{local_trouble(transport_code(reply), words(reply))};
        }
        case HttpProgress::sent:
            return queue::Ambiguous{"no reply to the paid request: " + words(reply)};
        case HttpProgress::head:
            break;
    }
    return queue::Ambiguous{"the reply to the paid request (HTTP " +
                            std::to_string(reply.head.status) + ") broke off: " + words(reply)};
}

queue::Report to_report(proto::SubmitOutcome outcome, proto::Send send, proto::Instant poll_at) {
    if (auto* task = std::get_if<proto::Taken>(&outcome)) return taken(std::move(*task), poll_at);
    if (auto* goods = std::get_if<proto::Delivered>(&outcome)) {
        return delivered(std::move(*goods), send);
    }
    if (auto* answer = std::get_if<proto::Answered>(&outcome)) {
        queue::DeliveredAtOnce report;
        report.result = std::move(answer->result);
        report.made = std::move(answer->made);
        return report;
    }
    return queue::Refused{std::get<proto::Refusal>(std::move(outcome))};
}

proto::Refusal local_trouble(std::string code, std::string message) {
    proto::Refusal refusal;
    refusal.failure.failure = proto::FailureClass::transient;
    refusal.failure.code = std::move(code);
    refusal.failure.message = std::move(message);
    refusal.failure.retryable = true;
    refusal.on_create = proto::OnCreate::not_created;
    refusal.on_query = proto::OnQuery::again;
    return refusal;
}

proto::Refusal query_trouble(const HttpReply& reply) {
    return local_trouble(transport_code(reply), words(reply));
}

proto::Reply to_reply(HttpReply reply) {
    proto::Reply plain;
    plain.status = reply.head.status;
    plain.headers.reserve(reply.head.headers.size());
    for (HttpHeader& header : reply.head.headers)
        plain.headers.emplace_back(std::move(header.name), std::move(header.value));
    plain.body = std::move(reply.body);
    return plain;
}

}  // namespace genspool::workers
