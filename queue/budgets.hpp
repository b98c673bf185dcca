#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proto/money.hpp"
#include "proto/time.hpp"
#include "queue/account.hpp"
#include "queue/demand.hpp"
#include "queue/views.hpp"

namespace genspool::queue {

/// What of a UTC day's budgets is used: all that was reserved on that day and has not come free
/// again, spent or not. In memory; a start adds up the ledger's totals of the day anew.
class Budgets {
public:
    /// The day's limits for all accounts together. An account's own stands in its AccountSetup.
    void configure(std::map<proto::Unit, proto::Micros> day) { day_limits_ = std::move(day); }

    /// What was reserved at that account in the moment `dated` has become so much more, or less.
    void add(const std::string& account, proto::Money more, proto::Instant dated,
             proto::Instant now);

    /// Why this account may not buy for so much today. Without a budget everything is allowed.
    std::optional<Gate> gate(const AccountSetup& account, Cost cost, proto::Instant now) const;

    /// Whether the whole of a day's budget would do for so much at this account.
    bool fits_some_day(const AccountSetup& account, Cost cost) const;

    bool for_all() const { return !day_limits_.empty(); }
    /// For all accounts together.
    std::vector<BudgetView> views(proto::Instant now) const;

private:
    using Sums = std::map<std::pair<std::string, proto::Unit>, proto::Micros>;

    /// `account`: empty: all together.
    proto::Micros used(const std::string& account, proto::Unit unit, proto::Instant now) const;

    std::map<proto::Unit, proto::Micros> day_limits_;
    std::chrono::sys_days day_{};  ///< which the sums are of
    Sums sums_;
};

/// When the UTC day after this moment begins.
proto::Instant next_utc_day(proto::Instant now);

/// Why the next job of a batch may not be bought for so much; the batch's sums are filled in.
std::optional<Gate> budget_gate(const BatchView& batch, Cost cost);

}  // namespace genspool::queue
