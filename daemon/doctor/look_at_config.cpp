#include <algorithm>

#include "daemon/doctor/look_at.hpp"
#include "daemon/doctor/ownership.hpp"

namespace genspool::daemon {
namespace {

constexpr const char* check = "configuration";

Finding wrong(const ConfigError& error) {
    Finding finding{Gravity::problem, check, error.text()};
    const std::string file = shell_word(error.file);
    if (error.message.find("Permission denied") != std::string::npos) {
        finding.gravity = Gravity::warning;  // the daemon may well read it
        finding.cure = "sudo genspool doctor --config " + file;
    } else if (error.line == 0) {
        finding.cure = "genspoold --check-config --config " + file;
    } else {
        finding.cure = as_root() + "${EDITOR:-vi} +" + std::to_string(error.line) + " " + file;
    }
    return finding;
}

std::string where(const Config& config) {
    return config.file.empty() ? "/etc/genspool/genspool.toml" : config.file;
}

std::string at(const std::string& line, const std::string& place, const Config& config) {
    return line + "   # in " + place + " of " + where(config);
}

bool takes_nothing(const AccountConfig& account) {
    return !account.slots.empty() &&
           std::ranges::all_of(account.slots, [](const auto& slots) { return slots.second == 0; });
}

}  // namespace

Findings look_at_config(const ConfigResult& read) {
    Findings findings;
    if (const auto* const errors = std::get_if<std::vector<ConfigError>>(&read)) {
        for (const ConfigError& error : *errors)
            findings.push_back(wrong(error));
        return findings;
    }
    const Config& config = std::get<Config>(read);
    findings.push_back({Gravity::ok, check,
                        config.file.empty()
                            ? "there is no /etc/genspool/genspool.toml: the defaults apply"
                            : config.file + " can be used"});
    return findings;
}

Findings look_at_bounds(const Config& config) {
    Findings findings;
    if (config.accounts.empty()) {
        findings.push_back({Gravity::problem, "accounts",
                            "no account is configured, so nothing is bought",
                            R"(printf '\n[[account]]\nname = "main"\nprovider = "minimax"\n)"
                            R"(api_key_file = "/etc/genspool/main.key"\n' | )" +
                                as_root() + "tee -a " + shell_word(where(config))});
    }
    for (const auto& [unit, day] : config.budget.day) {
        if (day > 0) continue;
        const std::string name(proto::to_string(unit));
        findings.push_back(
            {Gravity::warning, "budget",
             "the budget of the day is 0 " + name + ": nothing is bought for " + name,
             at("day = { " + name + " = 50.0 }", "[budget]", config)});
    }
    for (const AccountConfig& account : config.accounts) {
        const std::string place = "[[account]] \"" + account.name + "\"";
        if (account.day_budget && *account.day_budget <= 0)
            findings.push_back({Gravity::warning, "budget",
                                "account " + account.name + " may spend nothing a day",
                                at("budget = { day = 50.0 }", place, config), account.name});
        if (takes_nothing(account))
            findings.push_back({Gravity::warning, "slots",
                                "account " + account.name + " has no slot of any class",
                                at("slots = 3", place, config), account.name});
    }
    return findings;
}

}  // namespace genspool::daemon
