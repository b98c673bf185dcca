#pragma once

#include <cstdint>

#include "proto/time.hpp"

namespace genspool::queue {

/// Whether an upstream is believed that says "gone" for the `times`-th time in a row, the first of
/// them at `since`: what it has not got round to yet, it calls so too.
bool is_believed_gone(std::uint32_t times, proto::Instant since, proto::Instant now);

}  // namespace genspool::queue
