#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/codec.hpp"
#include "queue/account.hpp"
#include "queue/budgets.hpp"
#include "queue/demand.hpp"
#include "queue/throttle.hpp"
#include "queue/views.hpp"

namespace genspool::queue {

/// Whether such a job could be done there, whatever keeps it from that now.
bool serves(const AccountSetup& account, const Demand& demand);

/// What of an account survives a restart.
struct AccountState {
    bool paused = false;
    std::string paused_reason;
    std::string key_group;  ///< as last configured: a changed key ends the quarantines
    std::vector<Quarantine> quarantines;
    proto::Instant key_changed_at{};  ///< the epoch: never seen to change
    std::int64_t clock_ahead_ms = 0;  ///< the upstream's, of ours, as last seen to change
    proto::Instant clock_noted_at{};  ///< when that was; the epoch: they always agreed

    bool operator==(const AccountState&) const = default;
};

/// It is gone from the configuration.
Gate account_missing(const std::string& name);

/// Which account can take a job now: slots, rates, quarantines, budgets and pauses, all in memory.
/// The queue stores what must survive (slots and AccountState) and hands it back at start.
class Capacity {
public:
    /// Replaces the configuration. Counts and states of accounts that are gone are kept. Answers
    /// the accounts whose state changed because their key did.
    std::vector<std::string> configure(const std::vector<AccountSetup>& accounts,
                                       proto::Instant now);

    /// Those of them that are not configured yet.
    std::set<std::string> newcomers(const std::vector<AccountSetup>& accounts) const;

    void take(const std::string& account, const std::string& slot_class);
    void give(const std::string& account, const std::string& slot_class);
    std::uint32_t taken(const std::string& account, const std::string& slot_class) const;
    /// By all accounts with this key, those that are gone from the configuration included.
    std::uint32_t taken_in_group(const std::string& group, const std::string& slot_class) const;

    /// The account that the next such job goes to: most free slots by weight. nullptr: all are
    /// closed.
    const AccountSetup* pick(const Demand& demand, proto::Instant now) const;
    /// Whether the whole of a day's budget would do for such a job at one of its accounts.
    bool fits_some_day(const Demand& demand) const;
    /// Why this account takes no such job, however many slots are free: it is gone, paused or
    /// quarantined.
    std::optional<Gate> withdrawn(std::string_view account, const Demand& demand,
                                  proto::Instant now) const;
    /// All reasons why each account that could do it takes no such job now, or why none could;
    /// none where one takes it.
    std::vector<Gate> gates(const Demand& demand, proto::Instant now) const;

    /// Such a job goes to this account: uses up one of the requests a minute, and is the one that
    /// goes first where trouble was.
    void sent_there(const AccountSetup& account, const Demand& demand, proto::Instant now);
    /// When a task of this op may be asked for, which uses up one of its queries; nullopt: now.
    std::optional<proto::Instant> ask_later(const std::string& account, const std::string& op,
                                            proto::Instant now);
    /// The upstream took a job that was sent then: what had slowed accounts with this key down for
    /// it before is over. Answers those whose state changed.
    std::vector<std::string> clear_delays(const std::string& account, const Demand& demand,
                                          proto::Instant sent_at);
    /// Takes an account, or a part of it, out of dispatch.
    void quarantine(const std::string& account, const proto::QuarantineWish& wish,
                    const Demand& demand, proto::Instant now);
    /// The upstream refused a request because too much is under way there, or comes too fast: less
    /// of it is tried for a while. Its own slot is taken still.
    void throttle(const std::string& account, const proto::Refusal& refusal, const Demand& demand,
                  proto::Instant sent_at, proto::Instant now);
    /// Answers the accounts whose state changed: who is resumed has no quarantine left, under
    /// whatever name its key has one.
    std::vector<std::string> pause(const std::string& account, bool paused,
                                   const std::string& reason);
    /// How the account stands at its upstream; whether that is news.
    bool see(const std::string& account, const proto::AccountSight& sight);
    void note_clock(const std::string& account, proto::Duration ahead, proto::Instant now);

    /// The next moment at which a gate may open by itself; never if none will.
    proto::Instant next_opening(proto::Instant now) const;

    Budgets& budgets() { return budgets_; }
    const Budgets& budgets() const { return budgets_; }

    const AccountSetup* find(std::string_view name) const;
    const std::vector<AccountSetup>& configured() const { return accounts_; }
    /// By name, also of accounts that are gone from the configuration.
    const std::map<std::string, AccountState>& states() const { return states_; }
    const AccountState& state(const std::string& name) const;
    /// The accounts whose purchases may be the upstream's of this one as well, itself included:
    /// those with its key, those that had another after `since`, and those that are gone from the
    /// configuration.
    std::vector<std::string> same_upstream(const std::string& name, proto::Instant since) const;
    void restore(const std::string& name, AccountState state);
    /// Every account that is configured, or still has slots or a state, with its use.
    std::vector<AccountView> views(proto::Instant now) const;

private:
    struct Bucket {
        double tokens = 0;
        proto::Instant filled_at{};
    };
    using GroupClass = std::pair<std::string, std::string>;

    /// Hands each reason why the account takes no such job to `found`, until that says false.
    template <typename Found>
    void look(const AccountSetup& account, const Demand& demand, proto::Instant now,
              Found found) const;
    /// The names of the limits a minute that count such a job.
    std::vector<std::string> rates_of(const AccountSetup& account, const Demand& demand) const;
    /// Those of this key that concern such a job, past their end or not.
    std::vector<const Quarantine*> quarantines_of(const AccountSetup& account,
                                                  const Demand& demand) const;
    bool is_open(const AccountSetup& account, const Demand& demand, proto::Instant now) const;
    /// It can buy nothing at its upstream until a person mends that.
    std::optional<Gate> login_gate(const AccountSetup& account, proto::Instant now) const;
    std::optional<Gate> slot_gate(const AccountSetup& account, const std::string& slot_class,
                                  proto::Instant now) const;
    std::optional<Gate> rate_gate(const AccountSetup& account, const std::string& rate,
                                  proto::Instant now) const;
    double tokens(const AccountSetup& account, const std::string& rate, proto::Instant now) const;
    /// Of all accounts with this key; answers those whose state changed.
    std::vector<std::string> clear_quarantines(const std::string& key_group,
                                               const std::function<bool(const Quarantine&)>& over);
    void spend(const AccountSetup& account, const std::string& rate, proto::Instant now);
    /// When there is one again; nullopt: there is.
    std::optional<proto::Instant> refilled_at(const AccountSetup& account, const std::string& rate,
                                              proto::Instant now) const;
    const proto::AccountSight& sight(const AccountSetup& account) const;
    /// What the configuration and the upstream allow.
    std::uint32_t slots_allowed(const AccountSetup& account, const std::string& slot_class) const;
    /// That, or less where the upstream took no more.
    std::uint32_t slots_now(const AccountSetup& account, const std::string& slot_class,
                            proto::Instant now) const;
    std::uint32_t rpm_now(const AccountSetup& account, const std::string& rate,
                          proto::Instant now) const;
    Throttle throttle_of(const AccountSetup& account, const std::string& slot_class) const;

    std::vector<AccountSetup> accounts_;
    std::map<std::string, AccountState> states_;
    std::map<std::string, std::map<std::string, std::uint32_t>> taken_;  ///< account, class
    std::map<GroupClass, Bucket> buckets_;
    std::map<GroupClass, Throttle> throttles_;
    std::map<std::string, proto::AccountSight> sights_;  ///< by account; empty where nobody looks
    Budgets budgets_;
};

}  // namespace genspool::queue
