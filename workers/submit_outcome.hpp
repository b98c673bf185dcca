#pragma once

#include <optional>

#include "proto/codec.hpp"
#include "queue/reports.hpp"
#include "workers/http.hpp"

/// What the end of a paid call means for the purchase.
namespace genspool::workers {

/// By how far the call came, where that already decides: before the first byte nothing was bought,
/// after it nobody can say. nullopt: the reply is complete, the codec judges it.
std::optional<queue::Report> judge_transport(const HttpReply& reply);

/// What the codec said, as a report. `poll_at`: when to ask for a task first; `send` is noted as
/// the source of the artifacts.
queue::Report to_report(proto::SubmitOutcome outcome, proto::Send send, proto::Instant poll_at);

/// A refusal by our own side or the network: transient, nothing bought, `again` for a query.
proto::Refusal local_trouble(std::string code, std::string message);

/// The refusal of a query whose reply never came or is incomplete.
proto::Refusal query_trouble(const HttpReply& reply);

/// The whole reply as a codec takes it.
proto::Reply to_reply(HttpReply reply);

}  // namespace genspool::workers
