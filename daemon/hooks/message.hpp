#pragma once

#include <string_view>

#include "daemon/hooks/hook.hpp"

namespace genspool::daemon::hooks {

/// What a hook is told of this event: a CloudEvent (1.0, structured JSON). `source` is its source,
/// `artifact_root` as in job_text(). The job's request is left out: it may be very long.
Message make_message(const queue::EventRecord& event, queue::JobView job, std::string_view source,
                     std::string_view artifact_root, proto::Instant now);

}  // namespace genspool::daemon::hooks
