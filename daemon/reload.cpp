#include "daemon/reload.hpp"

#include <map>
#include <sstream>
#include <utility>

namespace genspool::daemon {
namespace {

/// What a page of show_config() says, by setting: "disk.reserve".
std::map<std::string, std::string> settings_of(const std::string& page) {
    std::map<std::string, std::string> settings;
    std::istringstream lines(page);
    std::string table;
    std::map<std::string, int> rows;  // of each [[table]]
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find(" = ");
        if (line.starts_with("[[")) {
            table = line.substr(2, line.find(']') - 2);
            table += "[" + std::to_string(++rows[table]) + "].";
        } else if (line.starts_with('[')) {
            table = line.substr(1, line.find(']') - 1) + ".";
        } else if (!line.starts_with('#') && equals != std::string::npos) {
            settings[table + line.substr(0, equals)] = line.substr(equals);
        }
    }
    return settings;
}

std::vector<std::string> differing(const Config& one, const Config& other) {
    const auto ours = settings_of(show_config(one));
    const auto theirs = settings_of(show_config(other));
    std::vector<std::string> names;
    for (const auto& [name, value] : ours) {
        const auto there = theirs.find(name);
        if (there == theirs.end() || there->second != value) names.push_back(name);
    }
    for (const auto& [name, value] : theirs)
        if (!ours.contains(name)) names.push_back(name);
    return names;
}

}  // namespace

Reload plan_reload(const Config& running, const Config& fresh) {
    Reload reload{running, {}};
    reload.config.accounts = fresh.accounts;
    reload.config.prices = fresh.prices;
    reload.config.budget = fresh.budget;
    reload.config.defaults = fresh.defaults;
    reload.config.retry.max_attempts = fresh.retry.max_attempts;
    reload.later = differing(reload.config, fresh);
    return reload;
}

}  // namespace genspool::daemon
