#pragma once

#include "queue/reports.hpp"

namespace genspool::queue {

/// Whether this report, of a step that was begun in the state `from`, can be true of the job as it
/// stands. Pure.
bool fits(const proto::JobRecord& record, proto::State from, const Report& report);

}  // namespace genspool::queue
