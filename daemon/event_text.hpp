#pragma once

#include <string>
#include <string_view>

#include "queue/views.hpp"

namespace genspool::daemon {

/// One line of the event log as JSON, on one line. `batch_id` is empty for a job in no batch.
std::string event_text(const queue::EventRecord& event, std::string_view batch_id);

}  // namespace genspool::daemon
