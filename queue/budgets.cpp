#include "queue/budgets.hpp"

namespace genspool::queue {
namespace {

using proto::Micros;
using proto::Unit;

std::chrono::sys_days day_of(proto::Instant at) {
    return std::chrono::floor<std::chrono::days>(at);
}

std::string show(Micros amount, Unit unit) {
    return proto::format_micros(amount) + " " + std::string(proto::to_string(unit));
}

/// Nullopt: it fits.
std::optional<Gate> judge(const std::string& whose, Micros limit, Micros used, Unit unit,
                          Cost cost) {
    if (!cost) {
        return Gate{"price_unknown",
                    "no price is known for it, so " + whose +
                        " cannot be judged: it waits until it is canceled or there is no budget",
                    std::nullopt,
                    {}};
    }
    if (*cost == 0 || (used <= limit && *cost <= limit - used)) return std::nullopt;
    std::string detail = show(used, unit) + " of " + whose + " of " + show(limit, unit) +
                         " are spent, reserved or uncertain, and it costs " + show(*cost, unit);
    return Gate{"budget", std::move(detail), std::nullopt, {}};
}

}  // namespace

proto::Instant next_utc_day(proto::Instant now) {
    return day_of(now) + std::chrono::days(1);
}

void Budgets::add(const std::string& account, proto::Money more, proto::Instant dated,
                  proto::Instant now) {
    if (day_of(dated) != day_of(now)) return;
    if (day_of(now) != day_) {
        day_ = day_of(now);
        sums_.clear();
    }
    sums_[{account, more.unit}] += more.amount;
    sums_[{{}, more.unit}] += more.amount;
}

Micros Budgets::used(const std::string& account, Unit unit, proto::Instant now) const {
    if (day_of(now) != day_) return 0;
    const auto found = sums_.find({account, unit});
    return found == sums_.end() ? 0 : found->second;
}

std::optional<Gate> Budgets::gate(const AccountSetup& account, Cost cost,
                                  proto::Instant now) const {
    const auto judge_day = [&](const std::string& whose, const std::string& name, Micros limit) {
        auto gate = judge(whose, limit, used(name, account.unit, now), account.unit, cost);
        if (!gate) return gate;
        gate->account = name;
        // What costs more than the whole of it fits on no day.
        if (cost && *cost <= limit) gate->opens_at = next_utc_day(now);
        return gate;
    };
    const auto all = day_limits_.find(account.unit);
    if (all != day_limits_.end()) {
        if (auto gate = judge_day("the day's budget", {}, all->second)) return gate;
    }
    if (!account.day_budget) return std::nullopt;
    return judge_day("account " + account.name + "'s budget for the day", account.name,
                     *account.day_budget);
}

bool Budgets::fits_some_day(const AccountSetup& account, Cost cost) const {
    const auto all = day_limits_.find(account.unit);
    const bool fits_all = all == day_limits_.end() || (cost && *cost <= all->second);
    return fits_all && (!account.day_budget || (cost && *cost <= *account.day_budget));
}

std::vector<BudgetView> Budgets::views(proto::Instant now) const {
    std::vector<BudgetView> views;
    for (const auto& [unit, limit] : day_limits_)
        views.push_back({unit, limit, used({}, unit, now)});
    return views;
}

std::optional<Gate> budget_gate(const BatchView& batch, Cost cost) {
    if (!batch.budget) return std::nullopt;
    return judge("the batch's budget", *batch.budget,
                 batch.spent + batch.reserved + batch.uncertain, batch.unit, cost);
}

}  // namespace genspool::queue
