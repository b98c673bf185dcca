#pragma once

#include <algorithm>

#include "proto/time.hpp"
#include "queue/random.hpp"

namespace genspool::queue {

/// The longest wait after `times` failures in a row (1 is the first): base doubling up to the cap.
inline proto::Duration backoff_ceiling(std::uint32_t times, proto::Duration base,
                                       proto::Duration cap) {
    const std::uint32_t doublings = std::min<std::uint32_t>(times == 0 ? 0 : times - 1, 20);
    return std::min<proto::Duration>(cap, base * (1LL << doublings));
}

/// Exponential backoff with full jitter: uniform between nothing and the ceiling.
inline proto::Duration backoff(std::uint32_t times, proto::Duration base, proto::Duration cap,
                               Random& random) {
    const proto::Duration ceiling = backoff_ceiling(times, base, cap);
    return proto::Duration(random.below(static_cast<std::uint64_t>(ceiling.count()) + 1));
}

}  // namespace genspool::queue
