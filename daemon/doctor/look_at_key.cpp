#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "daemon/config_key.hpp"
#include "daemon/doctor/look_at.hpp"
#include "daemon/doctor/ownership.hpp"

namespace genspool::daemon {
namespace {

/// Whoever owns the state directory is whom the daemon works as.
std::optional<uid_t> daemon_user(const Config& config) {
    const auto state = status_of(config.daemon.state_dir);
    if (!state) return std::nullopt;
    return state->st_uid;
}

/// Whom the packaged daemon works as, where there is one; else who asks.
uid_t system_user() {
    const passwd* const entry = ::getpwnam("genspool");
    return entry != nullptr ? entry->pw_uid : ::geteuid();
}

/// Puts a key there, closed from the first byte on to all but whom the daemon works as.
std::string write_anew(const std::string& path, const Config& config) {
    const auto user = daemon_user(config);
    const bool for_other = user && *user != ::geteuid();
    const std::string directory = std::filesystem::path(path).parent_path().string();
    const bool may = ::access(directory.empty() ? "." : directory.c_str(), W_OK) == 0;
    const std::string root = for_other || !may ? as_root() : "";
    // What root makes is root's.
    const bool names = for_other || !root.empty();
    return root + "install -m 600 " +
           (names ? "-o " + user_name(user.value_or(system_user())) + " " : "") + "/dev/stdin " +
           shell_word(path) + "   # paste the key, then Enter and Ctrl-D";
}

/// What can be said of the file before it is read; empty text: nothing is wrong.
Finding judge_file(const AccountConfig& account, const Config& config) {
    const std::string& path = account.api_key_from;
    Finding finding{Gravity::problem, "key", "", "", account.name};
    const auto status = status_of(path);
    if (!status && errno == ENOENT) {
        finding.text = path + " of account " + account.name + " does not exist";
        finding.cure = write_anew(path, config);
        return finding;
    }
    const bool mine = status && (status->st_uid == ::geteuid() || ::geteuid() == 0);
    if (!mine && ::access(path.c_str(), R_OK) != 0) {
        finding.gravity = Gravity::warning;
        finding.text = path + " of account " + account.name + " cannot be looked at by " +
                       user_name(::geteuid());
        finding.cure = "sudo genspool doctor";
        return finding;
    }
    if (S_ISREG(status->st_mode) && (status->st_mode & 077U) != 0) {
        finding.text = path + " of account " + account.name +
                       " can be read or written by others than its owner";
        finding.cure = as_root() + "chmod 600 " + shell_word(path);
        return finding;
    }
    const auto user = daemon_user(config);
    if (user && *user != 0 && *user != status->st_uid) {
        finding.text = path + " of account " + account.name + " belongs to " +
                       user_name(status->st_uid) + ", and the daemon, which works as " +
                       user_name(*user) + ", cannot read it";
        finding.cure = as_root() + "chown " + user_name(*user) + " " + shell_word(path);
        return finding;
    }
    if (S_ISREG(status->st_mode) && status->st_size == 0) {
        finding.text = path + " of account " + account.name + " is empty";
        finding.cure = write_anew(path, config);
    }
    return finding;
}

/// Copied together with the key by accident.
std::string junk_in(const std::string& key) {
    if (key.front() == '"' || key.front() == '\'' || key.back() == '"' || key.back() == '\'')
        return "is in quotation marks, which count as part of it";
    const std::size_t equals = key.find('=');
    if (equals != std::string::npos && key.find("KEY") < equals)
        return "begins with a name and \"=\"";
    return {};
}

/// Only the daemon itself gets what its unit hands to it.
bool comes_from_unit(const AccountConfig& account, const ConfigSources& sources) {
    return (account.api_key_setting == "api_key_credential" &&
            !sources.environment.contains("CREDENTIALS_DIRECTORY")) ||
           (account.api_key_setting == "api_key_env" &&
            !sources.environment.contains(account.api_key_from));
}

}  // namespace

std::string put_other_key(const AccountConfig& account, const Config& config) {
    if (account.api_key_setting == "api_key_file")
        return write_anew(account.api_key_from, config) + ", then " + reload_daemon();
    return "put the right key into " + account.api_key_setting + " \"" + account.api_key_from +
           "\", and start the daemon anew";
}

Findings look_at_key(AccountConfig& account, const Config& config, const ConfigSources& sources) {
    Finding finding{Gravity::ok, "key",
                    "the key of account " + account.name + " lies where it should", "",
                    account.name};
    if (comes_from_unit(account, sources)) {
        finding.text = account.api_key_setting + " \"" + account.api_key_from + "\" of account " +
                       account.name + " is nothing that we see here: the daemon's unit must set it";
        return {finding};
    }
    const bool is_file = account.api_key_setting == "api_key_file";
    if (is_file) {
        Finding judged = judge_file(account, config);
        if (!judged.text.empty()) return {std::move(judged)};
    }
    auto found = find_key(account, sources);
    std::string trouble;
    if (const auto* const why = std::get_if<std::string>(&found)) {
        trouble = *why;
    } else if (std::string junk = junk_in(std::get<Secret>(found).reveal()); !junk.empty()) {
        trouble = account.api_key_from + ": the key of account " + account.name + " " + junk;
    }
    if (trouble.empty()) {
        account.api_key = std::get<Secret>(std::move(found));
        return {finding};
    }
    finding.gravity = Gravity::problem;
    finding.text = std::move(trouble);
    finding.cure = is_file ? write_anew(account.api_key_from, config)
                           : "export " + account.api_key_from + "=…   # the key alone, on one line";
    return {finding};
}

}  // namespace genspool::daemon
