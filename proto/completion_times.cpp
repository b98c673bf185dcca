#include "proto/completion_times.hpp"

#include <algorithm>

namespace genspool::proto {

CompletionTimes::CompletionTimes(std::vector<Duration> took) : took_(std::move(took)) {
    if (took_.size() > kept_max)
        took_.erase(took_.begin(), took_.end() - static_cast<std::ptrdiff_t>(kept_max));
    sorted_ = took_;
    std::ranges::sort(sorted_);
}

CompletionTimes CompletionTimes::with(Duration took) const {
    std::vector<Duration> all = took_;
    all.push_back(took);
    return CompletionTimes(std::move(all));
}

Duration CompletionTimes::within(std::uint32_t percent) const {
    return sorted_.at(std::min(sorted_.size() * percent / 100, sorted_.size() - 1));
}

std::optional<Duration> CompletionTimes::likely_after(Duration so_far) const {
    const auto longer = std::ranges::upper_bound(sorted_, so_far);
    if (longer == sorted_.end()) return std::nullopt;
    return *(longer + (sorted_.end() - longer) / 2);
}

}  // namespace genspool::proto
