#include "daemon/config_key.hpp"

#include <algorithm>

#include "daemon/config_toml.hpp"
#include "daemon/small_file.hpp"

namespace genspool::daemon {
namespace {

constexpr std::size_t key_bytes_max = 8'192;
/// A key is blotted out of every answer. A shorter one would stand in a long answer in hex or
/// base64 by chance, and what was bought would be spoiled.
constexpr std::size_t key_bytes_min = 12;

/// Without white space at its ends; nullopt if what remains cannot stand in a header.
std::optional<Secret> clean(std::string text) {
    const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
    while (!text.empty() && is_space(text.back()))
        text.pop_back();
    text.erase(text.begin(), std::ranges::find_if_not(text, is_space));
    const bool printable = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
    if (text.empty() || !printable) return std::nullopt;
    return Secret(std::move(text));
}

SmallFile from_environment(const std::string& variable, const ConfigSources& sources) {
    const auto found = sources.environment.find(variable);
    if (found == sources.environment.end()) return {"", "this variable is not set", {}};
    return {found->second, "", {}};
}

SmallFile from_credential(const std::string& name, const ConfigSources& sources) {
    const auto directory = sources.environment.find("CREDENTIALS_DIRECTORY");
    if (directory == sources.environment.end())
        return {"", "$CREDENTIALS_DIRECTORY is not set; LoadCredential= in the unit sets it", {}};
    if (name.empty() || name.find('/') != std::string::npos || name.front() == '.')
        return {"", "must be the name of a credential, without a slash", {}};
    // systemd has set the modes of those itself.
    return read_small_file(directory->second + "/" + name, key_bytes_max, 0);
}

}  // namespace

SmallFile read_secret(std::string_view setting, const std::string& from,
                      const ConfigSources& sources) {
    if (setting.ends_with("_env")) return from_environment(from, sources);
    if (setting.ends_with("_credential")) return from_credential(from, sources);
    return read_small_file(from, key_bytes_max, 077);
}

std::variant<Secret, std::string> find_key(const AccountConfig& account,
                                           const ConfigSources& sources) {
    const std::string& from = account.api_key_from;
    SmallFile found = read_secret(account.api_key_setting, from, sources);
    if (!found.error.empty()) return from + ": " + found.error;
    auto secret = clean(std::move(found.bytes));
    if (!secret) return from + ": holds no key (one line of printable characters)";
    if (secret->reveal().size() < key_bytes_min)
        return from + ": the key of account \"" + account.name +
               "\" is too short: it must have at least " + std::to_string(key_bytes_min) +
               " characters, for it is blotted out wherever it stands in an answer";
    return std::move(*secret);
}

std::optional<Secret> read_key(TableReader& account, const ConfigSources& sources,
                               AccountConfig& out) {
    std::vector<std::string> given;
    for (const char* const setting : {"api_key_file", "api_key_env", "api_key_credential"}) {
        const auto value = account.text(setting);
        if (!value) continue;
        given.emplace_back(setting);
        out.api_key_from = *value;
    }
    if (account.node("api_key") != nullptr) {
        account.refuse("api_key",
                       "a key does not belong into this file; use api_key_file, "
                       "api_key_env or api_key_credential");
        return std::nullopt;
    }
    if (given.size() != 1) {
        account.refuse("name",
                       std::string(given.empty() ? "needs one of" : "may have only one of") +
                           " api_key_file, api_key_env and api_key_credential");
        return std::nullopt;
    }
    out.api_key_setting = given.front();
    if (!sources.keys) return Secret(out.api_key_setting + " " + out.api_key_from);
    auto found = find_key(out, sources);
    if (const auto* const why = std::get_if<std::string>(&found)) {
        account.refuse(out.api_key_setting, *why);
        return std::nullopt;
    }
    return std::get<Secret>(std::move(found));
}

}  // namespace genspool::daemon
