#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "queue/views.hpp"

namespace genspool::daemon {

/// A job as JSON, as it stands at `now`, with its gates where an explanation is at hand.
/// `artifact_root` is what its files' paths begin with.
std::string job_text(const queue::JobView& job,
                     const std::optional<queue::Explanation>& explanation,
                     std::string_view artifact_root, proto::Instant now);

/// The same without its request, which may be very long, and without gates.
std::string brief_job_text(const queue::JobView& job, std::string_view artifact_root,
                           proto::Instant now);

/// A job that was admitted a moment ago, without asking the queue for it again.
queue::JobView fresh_job(const queue::Admitted& admitted, proto::JobSpec spec);

/// One gate as JSON, to be appended to a list.
std::string gate_text(const queue::Gate& gate);

}  // namespace genspool::daemon
