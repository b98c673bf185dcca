#pragma once

#include "proto/time.hpp"

namespace genspool::queue {

/// The wall clock, but never running backwards: where the wall clock is set back, time goes on from
/// where it was at its own pace. Of one thread.
class ForwardTime {
public:
    /// Begins at the wall clock, or at `floor` if that is later: the last time that was stored.
    explicit ForwardTime(proto::Instant floor = {});

    proto::Instant now();

private:
    std::chrono::steady_clock::time_point looked_at_;
    std::chrono::nanoseconds rest_{0};  ///< of a millisecond not yet counted
    proto::Instant last_;
};

}  // namespace genspool::queue
