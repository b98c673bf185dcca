#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "proto/ids.hpp"
#include "proto/lifecycle.hpp"

namespace genspool::queue {

/// From which number on jobs of a state are to be looked for: none that can be seen has a smaller
/// one. Whoever looks raises the bound, so that he does not pass by what has left the state again
/// and again, which is slow where many have (a queue's front is full of deleted keys). The queue's
/// thread only.
class OldestBound {
public:
    proto::JobSeq of(proto::State state) const { return from_.at(index(state)); }

    /// A job has come into that state, or a batch whose first job is this.
    void lower(proto::State state, proto::JobSeq job) {
        from_.at(index(state)) = std::min(from_.at(index(state)), job);
    }

    /// Nobody before it was found in that state.
    void raise(proto::State state, proto::JobSeq job) const { from_.at(index(state)) = job; }

private:
    static std::size_t index(proto::State state) { return static_cast<std::size_t>(state); }

    /// Mutable, as whoever reads knows more afterwards and the queue is the same.
    mutable std::array<proto::JobSeq, proto::state_count> from_{};
};

}  // namespace genspool::queue
