#pragma once

#include <span>
#include <string>

#include "queue/views.hpp"

namespace genspool::daemon::hooks {

/// A job's way from its admission, or from the last retry, to the end that `history` ends with, as
/// OpenTelemetry's traces (OTLP/JSON): a span for all of it, within the trace that the job was
/// handed in with or else one of its own, and in that one for each state. Ids follow from the job,
/// so what is told twice is the same. Empty: there is nothing to tell, or the trace is not sampled.
std::string spans_text(std::span<const queue::EventRecord> history, const queue::JobView& job);

}  // namespace genspool::daemon::hooks
