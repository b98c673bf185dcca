#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace genspool::tests {

/// Looks again and again until `condition` holds; for what other processes do, which cannot wake
/// us. Throws if it does not come true in two minutes.
template <class Condition>
void await(const std::string& what, Condition condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until)
            throw std::runtime_error("waited in vain for " + what);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

}  // namespace genspool::tests
