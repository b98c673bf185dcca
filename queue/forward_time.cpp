#include "queue/forward_time.hpp"

#include <algorithm>

namespace genspool::queue {
namespace {

proto::Instant wall_now() {
    return std::chrono::floor<proto::Duration>(std::chrono::system_clock::now());
}

}  // namespace

ForwardTime::ForwardTime(proto::Instant floor)
    : looked_at_(std::chrono::steady_clock::now()), last_(std::max(floor, wall_now())) {}

proto::Instant ForwardTime::now() {
    const auto at = std::chrono::steady_clock::now();
    rest_ += at - looked_at_;
    looked_at_ = at;
    const auto passed = std::chrono::floor<proto::Duration>(rest_);
    rest_ -= passed;
    last_ = std::max(last_ + passed, wall_now());
    return last_;
}

}  // namespace genspool::queue
