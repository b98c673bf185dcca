#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "proto/time.hpp"
#include "tests/simulator/slot_class.hpp"

namespace genspool::simulator {

/// What one account has under way in one slot class. Work ends by itself at the time it was given.
class Lane {
public:
    /// How much is under way.
    std::size_t in_flight(proto::Instant now);

    /// How many requests came in the last minute.
    std::size_t last_minute(proto::Instant now);

    /// Notes a request, whether it is taken or not.
    void arrive(proto::Instant now);

    /// Notes work that is under way until `end`.
    void begin(proto::Instant now, proto::Instant end);

    /// One piece of work that was to end then is over.
    void end_early(proto::Instant end);

    /// All work under way is over.
    void finish() { ends_.clear(); }

    std::size_t in_flight_max() const { return in_flight_max_; }

private:
    std::multiset<proto::Instant> ends_;
    std::deque<proto::Instant> arrivals_;
    std::size_t in_flight_max_ = 0;
};

/// The lanes of all accounts.
class CapacityBook {
public:
    using Lanes = std::array<Lane, slot_class_count>;

    /// Made when first asked for; stays where it is.
    Lane& lane(std::string_view account, SlotClass slot);

    std::map<std::string, Lanes, std::less<>>& accounts() { return accounts_; }

private:
    std::map<std::string, Lanes, std::less<>> accounts_;
};

}  // namespace genspool::simulator
