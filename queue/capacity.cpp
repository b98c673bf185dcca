#include "queue/capacity.hpp"

#include <algorithm>
#include <set>

namespace genspool::queue {
namespace {

std::uint32_t value_or_zero(const std::map<std::string, std::uint32_t>& numbers,
                            const std::string& key) {
    const auto found = numbers.find(key);
    return found == numbers.end() ? 0 : found->second;
}

/// A second's worth of requests may gather, so that the limit holds in every minute.
double bucket_size(std::uint32_t rpm) {
    return std::max(1.0, rpm / 60.0);
}

}  // namespace

std::vector<std::string> Capacity::configure(const std::vector<AccountSetup>& accounts,
                                             proto::Instant now) {
    std::vector<std::string> changed;
    for (const AccountSetup& account : accounts) {
        AccountState& state = states_[account.name];
        if (state.key_group == account.key_group) continue;
        if (!state.key_group.empty()) {
            state.quarantines.clear();
            state.key_changed_at = now;
        }
        state.key_group = account.key_group;
        changed.push_back(account.name);
    }
    accounts_ = accounts;
    for (const std::string& name : changed)
        sights_.erase(name);
    for (const AccountSetup& account : accounts_) {
        for (const auto& [rate, rpm] : account.rpm)
            buckets_.try_emplace({account.key_group, rate}, Bucket{0, now});
    }
    return changed;
}

std::set<std::string> Capacity::newcomers(const std::vector<AccountSetup>& accounts) const {
    std::set<std::string> names;
    for (const AccountSetup& account : accounts) {
        if (find(account.name) == nullptr) names.insert(account.name);
    }
    return names;
}

void Capacity::take(const std::string& account, const std::string& slot_class) {
    ++taken_[account][slot_class];
}

void Capacity::give(const std::string& account, const std::string& slot_class) {
    std::uint32_t& count = taken_[account][slot_class];
    if (count > 0) --count;
}

std::uint32_t Capacity::taken(const std::string& account, const std::string& slot_class) const {
    const auto found = taken_.find(account);
    return found == taken_.end() ? 0 : value_or_zero(found->second, slot_class);
}

std::uint32_t Capacity::taken_in_group(const std::string& group,
                                       const std::string& slot_class) const {
    // Accounts that are gone from the configuration count as well: their tasks are still there.
    std::uint32_t sum = 0;
    for (const auto& [account, classes] : taken_) {
        if (state(account).key_group == group) sum += value_or_zero(classes, slot_class);
    }
    return sum;
}

double Capacity::tokens(const AccountSetup& account, const std::string& rate,
                        proto::Instant now) const {
    const std::uint32_t rpm = rpm_now(account, rate, now);
    const auto found = buckets_.find({account.key_group, rate});
    if (found == buckets_.end()) return 0;
    const auto elapsed = std::max<std::int64_t>(0, (now - found->second.filled_at).count());
    const double gained = static_cast<double>(elapsed) * rpm / 60'000.0;
    return std::min(bucket_size(rpm), found->second.tokens + gained);
}

void Capacity::spend(const AccountSetup& account, const std::string& rate, proto::Instant now) {
    buckets_[{account.key_group, rate}] = Bucket{tokens(account, rate, now) - 1.0, now};
}

std::optional<proto::Instant> Capacity::refilled_at(const AccountSetup& account,
                                                    const std::string& rate,
                                                    proto::Instant now) const {
    const std::uint32_t rpm = rpm_now(account, rate, now);
    const double ready = rpm == 0 ? 1.0 : tokens(account, rate, now);
    if (ready >= 1.0) return std::nullopt;
    return now + proto::Duration(static_cast<std::int64_t>((1.0 - ready) * 60'000.0 / rpm) + 1);
}

std::vector<std::string> Capacity::clear_delays(const std::string& account, const Demand& demand,
                                                proto::Instant sent_at) {
    return clear_quarantines(state(account).key_group, [&](const Quarantine& quarantine) {
        return quarantine.since < sent_at && concerns(quarantine, demand);
    });
}

std::vector<std::string> Capacity::clear_quarantines(
    const std::string& key_group, const std::function<bool(const Quarantine&)>& over) {
    std::vector<std::string> changed;
    for (auto& [name, known] : states_) {
        const auto is_over = [&, &group = known.key_group](const Quarantine& quarantine) {
            return reaches(quarantine, group, key_group) && over(quarantine);
        };
        if (std::erase_if(known.quarantines, is_over) > 0) changed.push_back(name);
    }
    return changed;
}

void Capacity::quarantine(const std::string& account, const proto::QuarantineWish& wish,
                          const Demand& demand, proto::Instant now) {
    std::vector<Quarantine>& known = states_[account].quarantines;
    const proto::Scope scope = reach_of(wish.scope, demand);
    const std::string what = target_of(scope, demand);
    const auto same = std::find_if(known.begin(), known.end(), [&](const Quarantine& quarantine) {
        return quarantine.scope == scope && quarantine.what == what;
    });
    const bool one_by_one = wish.clearing == proto::Clearing::probe;
    if (same == known.end()) {
        known.push_back({scope, what, wish.reason, now, end_of(wish, 1, now), 1, one_by_one});
        return;
    }
    same->one_by_one = same->one_by_one || one_by_one;
    // Answers to requests that were under way when the gate closed do not make the pause longer.
    if (same->until <= now) ++same->times;
    same->reason = wish.reason;
    same->since = now;
    same->until = std::max(same->until, end_of(wish, same->times, now));
}

Throttle Capacity::throttle_of(const AccountSetup& account, const std::string& slot_class) const {
    if (throttles_.empty()) return {};
    const auto found = throttles_.find({account.key_group, slot_class});
    return found == throttles_.end() ? Throttle() : found->second;
}

std::uint32_t Capacity::slots_now(const AccountSetup& account, const std::string& slot_class,
                                  proto::Instant now) const {
    return throttle_of(account, slot_class).slots(slots_allowed(account, slot_class), now);
}

std::uint32_t Capacity::slots_allowed(const AccountSetup& account,
                                      const std::string& slot_class) const {
    const std::uint32_t configured = account.slots_of(slot_class);
    const auto& told = sight(account).slots;
    const auto found = told.find(slot_class);
    if (found == told.end()) return configured;
    return account.slots_wished.contains(slot_class) ? std::min(configured, found->second)
                                                     : found->second;
}

bool Capacity::see(const std::string& account, const proto::AccountSight& sight) {
    if (find(account) == nullptr) return false;
    proto::AccountSight& known = sights_[account];
    if (known == sight) return false;
    known = sight;
    return true;
}

const proto::AccountSight& Capacity::sight(const AccountSetup& account) const {
    static const proto::AccountSight none;
    const auto found = sights_.find(account.name);
    return found == sights_.end() ? none : found->second;
}

std::uint32_t Capacity::rpm_now(const AccountSetup& account, const std::string& rate,
                                proto::Instant now) const {
    return throttle_of(account, rate).rpm(account.rpm_of(rate), now);
}

void Capacity::throttle(const std::string& account, const proto::Refusal& refusal,
                        const Demand& demand, proto::Instant sent_at, proto::Instant now) {
    const AccountSetup* const setup = find(account);
    if (setup == nullptr) return;
    GroupClass where{setup->key_group, demand.slot_class};
    const proto::FailureClass why = refusal.failure.failure;
    if (why == proto::FailureClass::no_capacity) {
        throttles_[where].too_many(taken_in_group(where.first, where.second) - 1, now);
    } else if (why == proto::FailureClass::rate_limited) {
        // A model's own limit leaves the others of its class as they are.
        if (reach_of(refusal.quarantine.scope, demand) == proto::Scope::model)
            where.second += "/" + demand.model;
        throttles_[where].too_fast(rpm_now(*setup, where.second, now), sent_at, now);
        buckets_.try_emplace(where, Bucket{0, now});
    }
}

std::vector<std::string> Capacity::pause(const std::string& account, bool paused,
                                         const std::string& reason) {
    AccountState& known = states_[account];
    known.paused = paused;
    known.paused_reason = paused ? reason : std::string();
    if (paused) return {account};
    const std::string group = known.key_group;
    std::erase_if(throttles_, [&](const auto& each) { return each.first.first == group; });
    std::vector<std::string> changed =
        clear_quarantines(group, [](const Quarantine&) { return true; });
    if (std::find(changed.begin(), changed.end(), account) == changed.end())
        changed.push_back(account);
    return changed;
}

proto::Instant Capacity::next_opening(proto::Instant now) const {
    proto::Instant next = proto::never;
    for (const auto& [name, state] : states_) {
        for (const Quarantine& quarantine : state.quarantines) {
            const proto::Instant until = closed_until(quarantine);
            if (until > now) next = std::min(next, until);
        }
    }
    for (const AccountSetup& account : accounts_) {
        if (account.day_budget || budgets_.for_all()) next = std::min(next, next_utc_day(now));
        for (const auto& [slot_class, slots] : account.slots) {
            const Throttle throttle = throttle_of(account, slot_class);
            next = std::min(next, throttle.grows_at(slots_allowed(account, slot_class), now));
            next = std::min(next, refilled_at(account, slot_class, now).value_or(proto::never));
        }
        for (const auto& [rate, rpm] : account.rpm)
            next = std::min(next, refilled_at(account, rate, now).value_or(proto::never));
        for (const auto& [where, throttle] : throttles_) {
            if (where.first != account.key_group) continue;
            next = std::min(next, refilled_at(account, where.second, now).value_or(proto::never));
        }
    }
    return next;
}

const AccountSetup* Capacity::find(std::string_view name) const {
    const auto found =
        std::find_if(accounts_.begin(), accounts_.end(),
                     [&](const AccountSetup& account) { return account.name == name; });
    return found == accounts_.end() ? nullptr : &*found;
}

void Capacity::note_clock(const std::string& account, proto::Duration ahead, proto::Instant now) {
    states_[account].clock_ahead_ms = ahead.count();
    states_[account].clock_noted_at = now;
}

std::vector<std::string> Capacity::same_upstream(const std::string& name,
                                                 proto::Instant since) const {
    std::vector<std::string> names{name};
    const std::string& key = state(name).key_group;
    for (const auto& [other, known] : states_) {
        const bool may =
            known.key_group == key || known.key_changed_at >= since || find(other) == nullptr;
        if (other != name && may) names.push_back(other);
    }
    return names;
}

const AccountState& Capacity::state(const std::string& name) const {
    static const AccountState none;
    const auto found = states_.find(name);
    return found == states_.end() ? none : found->second;
}

void Capacity::restore(const std::string& name, AccountState state) {
    // A row of old that is about no model closed every op that names none.
    std::erase_if(state.quarantines, [](const Quarantine& quarantine) {
        return quarantine.scope == proto::Scope::model && quarantine.what.empty();
    });
    states_[name] = std::move(state);
}

std::vector<AccountView> Capacity::views(proto::Instant now) const {
    std::set<std::string> names;
    for (const AccountSetup& account : accounts_)
        names.insert(account.name);
    for (const auto& [name, state] : states_)
        names.insert(name);
    for (const auto& [name, classes] : taken_)
        names.insert(name);
    std::vector<AccountView> views;
    for (const std::string& name : names) {
        AccountView view;
        const AccountSetup* setup = find(name);
        view.name = name;
        view.configured = setup != nullptr;
        view.provider = setup == nullptr ? std::string() : setup->provider;
        view.unit = setup == nullptr ? proto::Unit::none : setup->unit;
        if (setup != nullptr) view.day_budget = setup->day_budget;
        view.paused = state(name).paused;
        view.quarantines = state(name).quarantines;
        if (setup != nullptr) {
            view.broken = sight(*setup).broken;
            view.login_until = sight(*setup).login_until;
        }
        std::set<std::string> classes;
        if (setup != nullptr) {
            for (const auto& [slot_class, limit] : setup->slots)
                classes.insert(slot_class);
        }
        if (const auto used = taken_.find(name); used != taken_.end()) {
            for (const auto& [slot_class, count] : used->second)
                classes.insert(slot_class);
        }
        for (const std::string& slot_class : classes) {
            ClassUse use;
            use.slot_class = slot_class;
            use.taken = taken(name, slot_class);
            use.limit = setup == nullptr ? 0 : slots_allowed(*setup, slot_class);
            use.rpm = setup == nullptr ? 0 : setup->rpm_of(slot_class);
            use.limit_now = setup == nullptr ? 0 : slots_now(*setup, slot_class, now);
            use.rpm_now = setup == nullptr ? 0 : rpm_now(*setup, slot_class, now);
            view.classes.push_back(std::move(use));
        }
        views.push_back(std::move(view));
    }
    return views;
}

}  // namespace genspool::queue
