#include "tests/simulator/dice.hpp"

namespace genspool::simulator {

bool Dice::roll(double rate) {
    if (rate <= 0.0) return false;
    if (rate >= 1.0) return true;
    return fraction() < rate;
}

std::uint64_t Dice::below(std::uint64_t end) {
    return end == 0 ? 0 : bits_() % end;
}

double Dice::jitter() {
    return 0.5 + fraction();
}

// The standard distributions differ between libraries; this one replays everywhere.
double Dice::fraction() {
    return static_cast<double>(bits_() >> 11U) * 0x1p-53;
}

}  // namespace genspool::simulator
