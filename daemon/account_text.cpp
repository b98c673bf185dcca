#include "daemon/account_text.hpp"

#include "proto/json_writer.hpp"

namespace genspool::daemon {
namespace {

void write_quarantine(proto::JsonWriter& json, const queue::Quarantine& each) {
    json.begin_object();
    json.text("scope", proto::to_string(each.scope));
    json.text_or_null("what", each.what);
    json.text("reason", each.reason);
    json.moment("since", each.since);
    const bool open_ended = each.until == proto::never;
    json.moment("until", open_ended ? std::nullopt : std::optional(each.until));
    json.count("times", each.times);
    json.end_object();
}

}  // namespace

std::string_view health_of(const queue::AccountView& account, proto::Instant now) {
    if (!account.configured) return "missing";
    if (account.paused) return "paused";
    const bool logged_out = account.login_until && *account.login_until <= now;
    if (!account.broken.empty() || logged_out) return "broken";
    for (const queue::Quarantine& each : account.quarantines) {
        if (each.scope == proto::Scope::account || each.scope == proto::Scope::key)
            return "quarantined";
    }
    return account.quarantines.empty() ? "ok" : "limited";
}

std::string account_text(const queue::AccountView& account, proto::Instant now) {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("name", account.name);
    json.text("provider", account.provider);
    json.text("health", health_of(account, now));
    json.flag("configured", account.configured);
    json.flag("paused", account.paused);
    json.text_or_null("broken", account.broken);
    json.moment("login_until", account.login_until);
    json.begin_array("slots");
    for (const queue::ClassUse& use : account.classes) {
        json.begin_object();
        json.text("class", use.slot_class);
        json.count("taken", use.taken);
        json.count("held", use.held);
        json.moment("held_until", use.held_until);
        json.count("limit", use.limit);
        json.count("rpm", use.rpm);
        json.count("limit_now", use.limit_now);
        json.count("rpm_now", use.rpm_now);
        json.end_object();
    }
    json.end_array();
    json.begin_array("quarantines");
    for (const queue::Quarantine& each : account.quarantines)
        write_quarantine(json, each);
    json.end_array();
    json.begin_object("today");
    json.money("spent", account.spent_today.amount);
    json.money("reserved", account.reserved_today);
    json.money("uncertain", account.uncertain_today);
    const bool known = account.unit != proto::Unit::none;
    json.text_or_null("unit", proto::to_string(known ? account.unit : account.spent_today.unit));
    json.money("used",
               account.spent_today.amount + account.reserved_today + account.uncertain_today);
    json.money("budget", account.day_budget);
    json.end_object();
    json.end_object();
    return out;
}

}  // namespace genspool::daemon
