#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace genspool::workers {

/// How many bytes may still be written, in place of the disk's own free space: a full disk for
/// tests, or a bound on what we take of a shared one. Any thread.
class SpaceQuota {
public:
    explicit SpaceQuota(std::uint64_t bytes) : left_(bytes) {}

    std::uint64_t left() const { return left_.load(); }
    void set(std::uint64_t bytes) { left_.store(bytes); }

    /// Takes up to `wanted` bytes and says how many it got.
    std::uint64_t take(std::uint64_t wanted) {
        std::uint64_t before = left_.load();
        while (!left_.compare_exchange_weak(before, before - std::min(before, wanted))) {
        }
        return std::min(before, wanted);
    }

private:
    std::atomic<std::uint64_t> left_;
};

}  // namespace genspool::workers
