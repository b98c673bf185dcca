#include <algorithm>
#include <string_view>
#include <utility>

#include "queue/capacity.hpp"

/// Whether an account takes a job now, and all that is in the way if it does not.
namespace genspool::queue {
namespace {

Gate gate_of(const Quarantine& quarantine, const std::string& account) {
    Gate gate{"quarantine", quarantine.reason, std::nullopt, account};
    if (quarantine.until == proto::never) {
        gate.detail += "; until its key changes, or `genspool resume " + account + "`";
    } else {
        gate.opens_at = closed_until(quarantine);
    }
    return gate;
}

/// Whether a limit of this name counts such a request.
bool counts(std::string_view rate, const Demand& demand) {
    for (const std::string_view of :
         {std::string_view(demand.slot_class), std::string_view(demand.op)}) {
        if (!rate.starts_with(of)) continue;
        const std::string_view rest = rate.substr(of.size());
        if (rest.empty() || (rest.front() == '/' && rest.substr(1) == demand.model)) return true;
    }
    return false;
}

}  // namespace

bool serves(const AccountSetup& account, const Demand& demand) {
    if (account.provider != demand.provider) return false;
    if (!demand.account.empty() && demand.account != account.name) return false;
    return account.kinds.empty() || std::find(account.kinds.begin(), account.kinds.end(),
                                              demand.kind) != account.kinds.end();
}

Gate account_missing(const std::string& name) {
    return {"account_missing", "account " + name + " is not in the configuration", std::nullopt,
            name};
}

std::vector<std::string> Capacity::rates_of(const AccountSetup& account,
                                            const Demand& demand) const {
    // Its class in any case, and its model's: these may be throttled.
    std::vector<std::string> rates{demand.slot_class};
    const std::string of_model = demand.slot_class + "/" + demand.model;
    if (throttles_.contains({account.key_group, of_model})) rates.push_back(of_model);
    for (const auto& [rate, rpm] : account.rpm) {
        const bool there = std::find(rates.begin(), rates.end(), rate) != rates.end();
        if (!there && counts(rate, demand)) rates.push_back(rate);
    }
    return rates;
}

std::vector<const Quarantine*> Capacity::quarantines_of(const AccountSetup& account,
                                                        const Demand& demand) const {
    std::vector<const Quarantine*> found;
    for (const AccountSetup& other : accounts_) {
        for (const Quarantine& quarantine : state(other.name).quarantines) {
            const bool theirs = reaches(quarantine, other.key_group, account.key_group);
            if (theirs && concerns(quarantine, demand)) found.push_back(&quarantine);
        }
    }
    return found;
}

std::optional<Gate> Capacity::withdrawn(std::string_view account, const Demand& demand,
                                        proto::Instant now) const {
    const AccountSetup* const setup = find(account);
    if (setup == nullptr) return account_missing(std::string(account));
    const AccountState& known = state(setup->name);
    if (known.paused) return Gate{"pause", known.paused_reason, std::nullopt, setup->name};
    if (auto gate = login_gate(*setup, now)) return gate;
    for (const Quarantine* quarantine : quarantines_of(*setup, demand)) {
        if (quarantine->until > now) return gate_of(*quarantine, setup->name);
    }
    return std::nullopt;
}

std::optional<Gate> Capacity::login_gate(const AccountSetup& account, proto::Instant now) const {
    const proto::AccountSight& seen = sight(account);
    const bool over = seen.login_until && *seen.login_until <= now;
    if (seen.broken.empty() && !over) return std::nullopt;
    const std::string why = seen.broken.empty() ? "its login there has run out" : seen.broken;
    return Gate{"account_broken", "account " + account.name + ": " + why, std::nullopt,
                account.name};
}

std::optional<Gate> Capacity::slot_gate(const AccountSetup& account, const std::string& slot_class,
                                        proto::Instant now) const {
    const std::uint32_t configured = slots_allowed(account, slot_class);
    const std::uint32_t limit = slots_now(account, slot_class, now);
    const std::uint32_t used = taken_in_group(account.key_group, slot_class);
    if (used < limit) return std::nullopt;
    Gate gate{"slot",
              std::to_string(used) + " of " + std::to_string(limit) + " " + slot_class +
                  " slots of account " + account.name + " are taken",
              std::nullopt, account.name};
    if (limit < configured) {
        gate.detail +=
            " (" + std::to_string(configured) + " are configured, but the upstream took no more)";
        gate.opens_at = throttle_of(account, slot_class).opens_at(used, configured);
    }
    return gate;
}

std::optional<Gate> Capacity::rate_gate(const AccountSetup& account, const std::string& rate,
                                        proto::Instant now) const {
    const auto refilled = refilled_at(account, rate, now);
    if (!refilled) return std::nullopt;
    return Gate{"rate",
                std::to_string(rpm_now(account, rate, now)) + " " + rate +
                    " requests a minute are allowed at account " + account.name,
                refilled, account.name};
}

template <typename Found>
void Capacity::look(const AccountSetup& account, const Demand& demand, proto::Instant now,
                    Found found) const {
    const AccountState& known = state(account.name);
    if (known.paused && !found(Gate{"pause", known.paused_reason, std::nullopt, account.name}))
        return;
    auto gate = login_gate(account, now);
    if (gate && !found(std::move(*gate))) return;
    for (const Quarantine* quarantine : quarantines_of(account, demand)) {
        if (closed_until(*quarantine) <= now) continue;
        if (!found(gate_of(*quarantine, account.name))) return;
    }
    gate = budgets_.gate(account, demand.cost, now);
    if (gate && !found(std::move(*gate))) return;
    gate = slot_gate(account, demand.slot_class, now);
    if (gate && !found(std::move(*gate))) return;
    for (const std::string& rate : rates_of(account, demand)) {
        gate = rate_gate(account, rate, now);
        if (gate && !found(std::move(*gate))) return;
    }
}

bool Capacity::is_open(const AccountSetup& account, const Demand& demand,
                       proto::Instant now) const {
    bool open = true;
    look(account, demand, now, [&open](Gate) { return open = false; });
    return open;
}

const AccountSetup* Capacity::pick(const Demand& demand, proto::Instant now) const {
    const AccountSetup* best = nullptr;
    std::uint64_t best_room = 0;
    for (const AccountSetup& account : accounts_) {
        if (!serves(account, demand) || !is_open(account, demand, now)) continue;
        const std::uint32_t limit = slots_now(account, demand.slot_class, now);
        const std::uint32_t used = taken_in_group(account.key_group, demand.slot_class);
        const std::uint64_t room = static_cast<std::uint64_t>(limit - used) * account.weight;
        if (best == nullptr || room > best_room) {
            best = &account;
            best_room = room;
        }
    }
    return best;
}

void Capacity::sent_there(const AccountSetup& account, const Demand& demand, proto::Instant now) {
    for (const std::string& rate : rates_of(account, demand)) {
        if (rpm_now(account, rate, now) > 0) spend(account, rate, now);
    }
    for (const AccountSetup& other : accounts_) {
        for (Quarantine& quarantine : states_[other.name].quarantines) {
            const bool theirs = reaches(quarantine, other.key_group, account.key_group);
            if (theirs && concerns(quarantine, demand)) quarantine.tried_at = now;
        }
    }
}

std::optional<proto::Instant> Capacity::ask_later(const std::string& account, const std::string& op,
                                                  proto::Instant now) {
    const AccountSetup* const setup = find(account);
    const std::string rate = "queries/" + op;
    if (setup == nullptr || setup->rpm_of(rate) == 0) return std::nullopt;
    const auto later = refilled_at(*setup, rate, now);
    spend(*setup, rate, now);
    return later;
}

bool Capacity::fits_some_day(const Demand& demand) const {
    return std::any_of(accounts_.begin(), accounts_.end(), [&](const AccountSetup& account) {
        return serves(account, demand) && budgets_.fits_some_day(account, demand.cost);
    });
}

std::vector<Gate> Capacity::gates(const Demand& demand, proto::Instant now) const {
    std::vector<Gate> closed;
    bool any = false;
    for (const AccountSetup& account : accounts_) {
        if (!serves(account, demand)) continue;
        any = true;
        bool open = true;
        look(account, demand, now, [&](Gate gate) {
            open = false;
            // What all accounts share stands there once.
            const bool told = std::find(closed.begin(), closed.end(), gate) != closed.end();
            if (!told) closed.push_back(std::move(gate));
            return true;
        });
        if (open) return {};
    }
    if (any) return closed;
    if (!demand.account.empty()) return {account_missing(demand.account)};
    return {Gate{"account_missing",
                 "no account of provider " + demand.provider + " does this kind",
                 std::nullopt,
                 {}}};
}

}  // namespace genspool::queue
