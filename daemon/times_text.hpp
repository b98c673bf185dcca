#pragma once

#include <string>
#include <vector>

#include "queue/views.hpp"

namespace genspool::daemon {

/// What was learned of how long tasks take, as JSON, by sort: spans of which nearly none of a
/// hundred tasks is quicker or slower, in the words of --times; null where too few are known.
std::string times_text(const std::vector<queue::LearnedTimes>& learned);

}  // namespace genspool::daemon
