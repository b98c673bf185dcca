#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>

namespace genspool::tests {

/// Where the next kill -9 is to strike.
struct KillWish {
    std::string during;   ///< what part of the daemon's work, or "any"
    std::string kill_at;  ///< GENSPOOL_KILL_AT; empty: at any moment
};

/// Goes round the parts of the daemon's work, with chance only in the details, so that each part is
/// struck in every storm.
class KillPlan {
public:
    explicit KillPlan(std::uint64_t seed) : random_(seed) {}

    KillWish next();
    std::uint64_t below(std::uint64_t bound);

    /// It was struck where it was wished; or it was not, and the kill came from outside.
    void struck(const std::string& during) { ++struck_[during]; }
    const std::map<std::string, std::uint64_t>& histogram() const { return struck_; }

private:
    std::mt19937_64 random_;
    std::uint64_t round_ = 0;
    std::map<std::string, std::uint64_t> struck_;
};

}  // namespace genspool::tests
