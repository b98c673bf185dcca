#include "tests/simulator/capacity.hpp"

#include <algorithm>

namespace genspool::simulator {

std::size_t Lane::in_flight(proto::Instant now) {
    ends_.erase(ends_.begin(), ends_.upper_bound(now));
    return ends_.size();
}

std::size_t Lane::last_minute(proto::Instant now) {
    while (!arrivals_.empty() && arrivals_.front() <= now - std::chrono::minutes(1)) {
        arrivals_.pop_front();
    }
    return arrivals_.size();
}

void Lane::arrive(proto::Instant now) {
    last_minute(now);
    arrivals_.push_back(now);
}

void Lane::begin(proto::Instant now, proto::Instant end) {
    in_flight_max_ = std::max(in_flight_max_, in_flight(now) + 1);
    ends_.insert(end);
}

void Lane::end_early(proto::Instant end) {
    const auto one = ends_.find(end);
    if (one != ends_.end()) ends_.erase(one);
}

Lane& CapacityBook::lane(std::string_view account, SlotClass slot) {
    auto found = accounts_.find(account);
    if (found == accounts_.end()) found = accounts_.emplace(std::string(account), Lanes{}).first;
    return found->second[static_cast<std::size_t>(slot)];
}

}  // namespace genspool::simulator
