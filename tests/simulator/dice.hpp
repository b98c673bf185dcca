#pragma once

#include <cstdint>
#include <random>

namespace genspool::simulator {

/// Every chance the upstream takes, from one seed.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : bits_(seed) {}

    /// True with the given probability. Rates of 0 and 1 draw nothing, so that setting one fault
    /// does not move the others.
    bool roll(double rate);

    /// Evenly from 0 to `end` - 1; 0 when `end` is 0.
    std::uint64_t below(std::uint64_t end);

    /// Evenly from 0.5 to 1.5.
    double jitter();

private:
    double fraction();

    std::mt19937_64 bits_;
};

}  // namespace genspool::simulator
