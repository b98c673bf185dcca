#pragma once

#include <string>

#include "queue/views.hpp"

namespace genspool::daemon {

/// A batch as JSON: its counts by state, its money, when it ended.
std::string batch_text(const queue::BatchView& batch);

}  // namespace genspool::daemon
