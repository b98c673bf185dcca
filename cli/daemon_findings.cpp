#include "cli/daemon_findings.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "cli/account_text.hpp"
#include "cli/json_reading.hpp"
#include "cli/socket_rights.hpp"
#include "cli/urls.hpp"
#include "cli/words.hpp"
#include "proto/catalog/catalog.hpp"
#include "proto/money.hpp"

namespace genspool::cli {

namespace json = boost::json;

namespace {

bool systemd_is_here() {
    std::error_code ignored;  // what cannot be looked at is not there for us
    return std::filesystem::exists("/run/systemd/system", ignored);
}

std::string start_it(const std::string& config) {
    if (!config.empty()) return "genspoold --config " + config + "   # in another terminal";
    return systemd_is_here()
               ? "sudo systemctl start genspoold   # journalctl -u genspoold says why "
                 "it does not"
               : "genspoold   # in another terminal";
}

std::string reload_it() {
    return systemd_is_here() ? "sudo systemctl reload genspoold" : "pkill -HUP -x genspoold";
}

void look_at_standing(const json::value& stats, Findings& findings) {
    if (flag_at(stats, "paused")) {
        const json::value* const setback = value_at(stats, "setback");
        const bool doubtful = setback != nullptr && setback->is_object();
        findings.push_back(
            {"queue", "warning", "buying is paused: " + text_at(stats, "paused_reason"),
             doubtful
                 ? "genspool ls --doubtful   # cancel what was bought since; then genspool resume"
                 : "genspool resume"});
    }
    const std::string disk = text_at(stats, "disk");
    if (disk != "open")
        findings.push_back({"disk", "problem",
                            "the disk is nearly full: " +
                                std::string(disk == "no_intake"  ? "no job is taken"
                                            : disk == "no_fetch" ? "nothing is fetched or bought"
                                                                 : "nothing is bought"),
                            "df -h   # make room where the daemon's state lies"});
    if (const std::uint64_t held = count_at(stats, "states.held"))
        findings.push_back({"queue", "warning",
                            std::to_string(held) + (held == 1 ? " job is" : " jobs are") +
                                " held, and wait for a person",
                            "genspool ls --state held   # why; then genspool retry, or resolve "
                            "where nobody knows whether it was bought"});
}

/// Whether as much as may be is used.
bool used_up(const json::value& budget, const char* limit) {
    const auto most = proto::parse_micros(text_at(budget, limit));
    const auto used = proto::parse_micros(text_at(budget, "used"));
    return most && used && *used >= *most;
}

void look_at_budgets(const json::value& stats, Findings& findings) {
    const json::value* const budgets = value_at(stats, "budget");
    if (budgets == nullptr || !budgets->is_object()) return;
    for (const auto& [unit, budget] : budgets->get_object()) {
        if (!used_up(budget, "day")) continue;
        findings.push_back({"budget", "warning",
                            "the budget of today is used up: " + text_at(budget, "used") + " of " +
                                text_at(budget, "day") + " " + std::string(unit),
                            "day = { " + std::string(unit) +
                                " = … }   # more, in [budget]; or wait until midnight UTC"});
    }
}

/// What its login upstream lets it do; only a person can renew that, and not here.
void look_at_login(const json::value& account, Findings& findings) {
    const std::string name = text_at(account, "name");
    const std::string why = login_trouble(account, wall_now());
    if (why.empty()) return;
    const bool broken = text_at(account, "health") == "broken";
    findings.push_back({"account", broken ? "problem" : "warning",
                        "account " + name + (broken ? " buys nothing: " : ": ") + why,
                        "genspool remote link " + name + " account.json   # logs it in anew",
                        name});
}

void look_at_quarantines(const json::value& account, Findings& findings) {
    const std::string name = text_at(account, "name");
    const std::string why = quarantine_trouble(account, wall_now());
    if (why.empty()) return;
    const bool all = text_at(account, "health") == "quarantined";
    findings.push_back(
        {"account", all ? "problem" : "warning",
         "account " + name + " buys " + (all ? "nothing" : "not everything") + ": " + why,
         "genspool resume " + name +
             "   # once the cause is mended; if that was its key: " + reload_it(),
         name});
}

void look_at_account(const json::value& account, Findings& findings) {
    const std::string name = text_at(account, "name");
    const std::string health = text_at(account, "health");
    const json::value* const today = value_at(account, "today");
    if (health == "paused") {
        findings.push_back({"account", "warning", "account " + name + " is paused",
                            "genspool resume " + name, name});
    } else if (health == "missing") {
        findings.push_back(
            {"account", "warning",
             "account " + name + " is in the configuration no more, and has jobs at work",
             "genspool ls --account " + name, name});
    } else {
        look_at_login(account, findings);
        look_at_quarantines(account, findings);
    }
    if (today != nullptr && used_up(*today, "budget"))
        findings.push_back({"budget", "warning",
                            "account " + name + " has used up its budget of today",
                            "budget = { day = … }   # more, in its [[account]]", name});
}

void look_at_hooks(Context& context, Findings& findings) {
    for (const json::value& hook :
         list_at(parse_reply(context.daemon().get("/v1/hooks")), "hooks")) {
        const std::uint64_t waiting = count_at(hook, "waiting");
        if (waiting == 0) continue;
        const std::string name = text_at(hook, "name");
        findings.push_back({"hooks", "warning",
                            "hook " + name + " has not taken " + std::to_string(waiting) +
                                (waiting == 1 ? " event: " : " events: ") + text_at(hook, "error"),
                            "genspool hooks " + name + "   # which; --retry once it is mended"});
    }
}

/// What a job that waits waits for, where time alone does not help.
void look_at_waiting(Context& context, const json::value& stats, Findings& findings) {
    static constexpr std::array<std::string_view, 4> gates = {"price_unknown", "budget",
                                                              "account_missing", "account_broken"};
    if (count_at(stats, "states.queued") == 0) return;
    Target target("/v1/jobs");
    target.add("state", "queued").add("limit", "1");
    const auto jobs = list_at(parse_reply(context.daemon().get(target.text())), "jobs");
    if (jobs.empty()) return;
    const std::string id = text_at(jobs.front(), "id");
    const auto reply = parse_reply(context.daemon().get(job_path(id, "/explain")));
    for (const json::value& gate : list_at(reply, "gates")) {
        if (std::ranges::find(gates, text_at(gate, "gate")) == gates.end()) continue;
        findings.push_back(
            {"queue", "warning",
             "the newest job that waits: " + text_at(gate, "gate") + ": " + text_at(gate, "detail"),
             "genspool explain " + id});
        return;
    }
}

}  // namespace

Findings look_for_daemon(Context& context, const std::string& config, std::string& stats) {
    Finding finding{"daemon", "ok", "", ""};
    try {
        stats = context.daemon().get("/v1/stats");
        const auto reply = parse_reply(stats);
        finding.text = "genspoold " + text_at(reply, "version") + " answers, up " +
                       age(text_at(reply, "started_at"), wall_now());
        return {finding};
    } catch (const CommandFailed& failure) {
        finding.level = "problem";
        finding.text = failure.what();
        if (failure.exit() == Exit::not_allowed)
            finding.cure = "genspool token add NAME   # where it works, then export GENSPOOL_TOKEN";
        if (failure.exit() == Exit::unreachable) {
            const SocketRights rights = rights_at(context.socket_path());
            finding.cure = rights.cure.empty() ? start_it(config) : rights.cure;
            if (!rights.why.empty()) finding.text = rights.why;
        }
    }
    return {finding};
}

Findings look_at_daemon(Context& context, const std::string& stats) {
    Findings findings;
    const auto reply = parse_reply(stats);
    look_at_standing(reply, findings);
    look_at_budgets(reply, findings);
    const auto accounts = list_at(parse_reply(context.daemon().get("/v1/accounts")), "accounts");
    if (accounts.empty())
        findings.push_back({"accounts", "problem",
                            "the daemon that runs has no account, so it buys nothing",
                            reload_it() + "   # once one is configured"});
    for (const json::value& account : accounts)
        look_at_account(account, findings);
    look_at_waiting(context, reply, findings);
    look_at_hooks(context, findings);
    return findings;
}

Findings look_at_keys(Context& context, const std::vector<std::string>& tried) {
    Findings findings;
    const auto accounts = list_at(parse_reply(context.daemon().get("/v1/accounts")), "accounts");
    for (const json::value& account : accounts) {
        const std::string name = text_at(account, "name");
        if (!flag_at(account, "configured") || std::ranges::find(tried, name) != tried.end())
            continue;
        const proto::Provider* const provider =
            proto::catalog().provider(text_at(account, "provider"));
        const bool resold = provider != nullptr && provider->key_has_accounts();
        try {
            context.daemon().get("/v1/remote/" + encoded(name) +
                                 (resold ? "/accounts" : "/models"));
            findings.push_back(
                {"upstream", "ok", "the upstream takes the key of account " + name, "", name});
        } catch (const CommandFailed& failure) {
            findings.push_back({"upstream", "problem", "account " + name + ": " + failure.what(),
                                "sudo genspool doctor   # sees the key, and tries other regions",
                                name});
        }
    }
    return findings;
}

}  // namespace genspool::cli
