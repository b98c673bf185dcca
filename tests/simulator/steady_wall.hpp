#pragma once

#include <chrono>

#include "proto/time.hpp"

namespace genspool::simulator {

/// Wall time that never steps: read once, then carried on by the steady clock, so that slots and
/// links do not move when somebody sets the clock.
class SteadyWall {
public:
    proto::Instant now() const {
        const auto passed = std::chrono::steady_clock::now() - steady_;
        return start_ + std::chrono::duration_cast<proto::Duration>(passed);
    }

private:
    std::chrono::steady_clock::time_point steady_ = std::chrono::steady_clock::now();
    proto::Instant start_ =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
};

}  // namespace genspool::simulator
