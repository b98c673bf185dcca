#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "proto/job.hpp"
#include "proto/time.hpp"
#include "queue/quarantine.hpp"

namespace genspool::queue {

/// What the queue must know of an account. Never its key.
struct AccountSetup {
    std::string name;
    std::string provider;
    /// Not the key. Accounts with equal ones are one at the upstream, and share slots, buckets and
    /// quarantines. Where a key opens several, a "/" ends the part that stands for the key alone.
    std::string key_group;
    std::map<std::string, std::uint32_t>
        slots;  ///< by slot class; a class that is missing has none
    /// The classes of which a person has said so: the upstream may have more, but never gets more.
    std::set<std::string> slots_wished;
    /// Paid requests a minute, by slot class or op, or these with "/MODEL" behind; all that fit a
    /// request count. Polls a minute by "queries/OP". 0 or missing: no limit.
    std::map<std::string, std::uint32_t> rpm;
    std::uint32_t weight = 1;
    proto::Unit unit = proto::Unit::usd;  ///< what its provider's prices are in
    std::optional<proto::Micros> day_budget;
    std::vector<proto::Kind> kinds;  ///< empty: all that the provider has

    std::uint32_t slots_of(const std::string& slot_class) const {
        return number(slots, slot_class);
    }
    std::uint32_t rpm_of(const std::string& rate) const { return number(rpm, rate); }

    bool operator==(const AccountSetup&) const = default;

private:
    static std::uint32_t number(const std::map<std::string, std::uint32_t>& numbers,
                                const std::string& key) {
        const auto found = numbers.find(key);
        return found == numbers.end() ? 0 : found->second;
    }
};

struct ClassUse {
    std::string slot_class;
    std::uint32_t taken = 0;
    std::uint32_t held = 0;  ///< of those taken: kept for jobs that are held or unknown
    std::optional<proto::Instant> held_until;  ///< when the first of these comes free by itself
    std::uint32_t limit = 0;
    std::uint32_t rpm = 0;        ///< 0: no limit
    std::uint32_t limit_now = 0;  ///< less than configured where the upstream took no more
    std::uint32_t rpm_now = 0;
};

/// An account as it is shown.
struct AccountView {
    std::string name;
    std::string provider;
    bool configured = true;  ///< false: gone from the configuration, tasks or slots remain
    bool paused = false;
    std::vector<ClassUse> classes;
    std::vector<Quarantine> quarantines;
    std::string broken;  ///< as proto::AccountSight::broken
    std::optional<proto::Instant> login_until;
    std::optional<proto::Micros> day_budget;
    proto::Unit unit = proto::Unit::none;  ///< of the budget and the sums
    proto::Money spent_today;
    proto::Micros reserved_today = 0;
    proto::Micros uncertain_today = 0;
};

}  // namespace genspool::queue
