#pragma once

#include <cstdint>
#include <vector>

#include "proto/time.hpp"
#include "queue/random.hpp"

namespace genspool::simulation {

/// The chances of one world, all from its seed.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}

    std::uint64_t next() { return random_.next(); }
    /// Evenly from 0 to `bound` - 1.
    std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
    bool chance(std::uint64_t percent) { return below(100) < percent; }
    proto::Duration span(proto::Duration max) {
        return proto::Duration(below(static_cast<std::uint64_t>(max.count()) + 1));
    }
    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[below(from.size())];
    }

private:
    queue::Random random_;
};

}  // namespace genspool::simulation
