#include "cli/account_text.hpp"

#include "cli/json_reading.hpp"
#include "cli/words.hpp"

namespace genspool::cli {

namespace json = boost::json;

namespace {

std::string slots_text(const json::value& account, bool busy_only) {
    std::string out;
    for (const json::value& slots : list_at(account, "slots")) {
        if (busy_only && count_at(slots, "taken") == 0) continue;
        out += (out.empty() ? "" : ", ") + text_at(slots, "class") + " " + text_at(slots, "taken") +
               "/" + text_at(slots, "limit");
        if (count_at(slots, "held") > 0) out += " (" + text_at(slots, "held") + " held)";
        const std::string now = text_at(slots, "limit_now");
        if (!now.empty() && now != text_at(slots, "limit")) out += " (" + now + " for now)";
    }
    return out;
}

std::string spent_text(const json::value& today) {
    const std::string budget = text_at(today, "budget");
    if (budget.empty()) return amount(today, "spent", true);
    // What closes it is not only what was spent.
    return text_at(today, "used") + " of " + amount(today, "budget", true) + " used";
}

/// Whoever logs it in is told three days before.
constexpr proto::Duration login_warning{72 * 3'600'000LL};

void join(std::string& text, const std::string& more) {
    if (!more.empty()) text += (text.empty() ? "" : "; ") + more;
}

Paint paint_of(const std::string& health) {
    if (health == "ok") return Paint::good;
    return health == "limited" || health == "paused" ? Paint::waiting : Paint::bad;
}

}  // namespace

std::string login_trouble(const json::value& account, proto::Instant now) {
    const std::string broken = text_at(account, "broken");
    if (!broken.empty()) return broken;
    const auto until = proto::parse_rfc3339(text_at(account, "login_until"));
    if (!until || *until > now + login_warning) return {};
    if (*until <= now) return "its login upstream has run out";
    return "its login upstream ends " + ahead(text_at(account, "login_until"), now);
}

std::string quarantine_trouble(const json::value& account, proto::Instant now) {
    std::string out;
    for (const json::value& each : list_at(account, "quarantines")) {
        const std::string what = text_at(each, "what");
        const std::string until = ahead(text_at(each, "until"), now);
        join(out, text_at(each, "scope") + (what.empty() ? "" : " " + what) + ": " +
                      text_at(each, "reason") +
                      (until.empty() ? ", until resumed" : ", ends " + until));
    }
    return out;
}

std::string account_trouble(const json::value& account, proto::Instant now) {
    std::string out = login_trouble(account, now);
    join(out, quarantine_trouble(account, now));
    return out;
}

Table accounts_table(const std::vector<json::value>& accounts, proto::Instant now, bool busy_only) {
    Table table({{"NAME"},
                 {"PROVIDER"},
                 {"HEALTH"},
                 {"SPENT TODAY", Table::Align::right},
                 {"SLOTS"},
                 {"WHY"}});
    for (const json::value& account : accounts) {
        const std::string health = text_at(account, "health");
        const json::value* today = value_at(account, "today");
        table.add({text_at(account, "name"), text_at(account, "provider"),
                   Cell(health, paint_of(health)),
                   today == nullptr ? std::string() : spent_text(*today),
                   slots_text(account, busy_only), account_trouble(account, now)});
    }
    return table;
}

}  // namespace genspool::cli
