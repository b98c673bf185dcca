#include <algorithm>
#include <array>
#include <sstream>

#include "daemon/config_toml.hpp"
#include "daemon/hooks/signature.hpp"
#include "proto/token_file.hpp"
#include "proto/web_address.hpp"

namespace genspool::daemon {
namespace {

using proto::State;
using std::chrono::hours;
using std::chrono::seconds;

constexpr std::size_t secrets_max = 2;
constexpr std::array told_states = {State::blocked,    State::queued,    State::preparing,
                                    State::submitting, State::unknown,   State::held,
                                    State::running,    State::canceling, State::fetching,
                                    State::succeeded,  State::failed,    State::canceled};

/// The lines of a secret's file, each a secret; empty, and reported, if they are not.
std::vector<Secret> decode_secrets(TableReader& in, const std::string& setting,
                                   const std::string& bytes) {
    std::vector<Secret> secrets;
    std::istringstream lines(bytes);
    for (std::string line; std::getline(lines, line);) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
            line.pop_back();
        if (line.empty()) continue;
        auto secret = hooks::read_signing_secret(line);
        if (!secret || secrets.size() == secrets_max) {
            in.refuse(setting,
                      "must hold one secret, or two while they change, each on a line: whsec_ and "
                      "the base64 of 24 to 64 bytes");
            return {};
        }
        secrets.push_back(std::move(*secret));
    }
    if (secrets.empty()) in.refuse(setting, "holds no secret");
    return secrets;
}

/// secret_file, secret_env or secret_credential, or none of them.
template <class Place>
void read_secrets(TableReader& in, const ConfigSources& sources, Place& out) {
    for (const char* const setting : {"secret_file", "secret_env", "secret_credential"}) {
        const auto value = in.text(setting);
        if (!value) continue;
        if (!out.secret_setting.empty()) {
            in.refuse(setting, "goes not together with " + out.secret_setting);
            return;
        }
        out.secret_setting = setting;
        out.secret_from = *value;
    }
    if (out.secret_setting.empty()) return;
    if (!sources.keys) {
        out.secrets.emplace_back(out.secret_setting + " " + out.secret_from);
        return;
    }
    const SmallFile found = read_secret(out.secret_setting, out.secret_from, sources);
    if (!found.error.empty()) {
        in.refuse(out.secret_setting, out.secret_from + ": " + found.error);
        return;
    }
    out.secrets = decode_secrets(in, out.secret_setting, found.bytes);
}

void read_tells(TableReader& in, HookConfig& out) {
    const toml::array* const list = in.array("events");
    if (list == nullptr) return;
    out.tells.clear();
    for (const toml::node& node : *list) {
        const auto* const word = node.as_string();
        const auto* const state = std::ranges::find_if(told_states, [&](State each) {
            return word != nullptr && word->get() == proto::to_string(each);
        });
        if (state == told_states.end()) {
            in.refuse("events",
                      "must be states of a job, as in [\"succeeded\", \"failed\", \"held\"]");
            return;
        }
        out.tells.insert(*state);
    }
    if (out.tells.empty()) in.refuse("events", "must name at least one, or be left out");
}

void read_command(TableReader& in, HookConfig& out) {
    const toml::array* const list = in.array("command");
    if (list == nullptr) return;
    for (const toml::node& node : *list) {
        const auto* const word = node.as_string();
        if (word == nullptr || word->get().find('\0') != std::string::npos) {
            in.refuse("command", "must be a list of texts");
            return;
        }
        out.command.push_back(word->get());
    }
    if (out.command.empty() || !out.command.front().starts_with('/'))
        in.refuse(
            "command",
            "must begin with a program's absolute path, as in [\"/usr/bin/logger\", \"done\"]");
}

void read_address(TableReader& in, const char* key, std::string& out) {
    const auto url = in.text(key);
    if (!url) return;
    if (!proto::is_web_address(*url))
        in.refuse(key, "must be an http or https address without user and fragment");
    out = *url;
}

/// Exactly one of the three says who is told.
void check_one(TableReader& in, const HookConfig& hook) {
    const int said =
        (hook.url.empty() ? 0 : 1) + (hook.otlp.empty() ? 0 : 1) + (hook.command.empty() ? 0 : 1);
    if (said == 1) return;
    in.refuse("name",
              std::string(said == 0 ? "needs" : "may have only") + " one of url, otlp and command");
}

/// Only addresses are signed for.
void check_secrets(TableReader& in, const HookConfig& hook, const Config::Hooks& hooks) {
    if (hook.url.empty() && !hook.secret_setting.empty())
        in.refuse(hook.secret_setting, "is for a url: nothing else is signed");
    if (!hook.url.empty() && hook.secret_setting.empty() && hooks.secret_setting.empty())
        in.refuse("url", "needs a secret to sign with: secret_file here or in [hooks]");
}

void read_hook(TableReader in, const ConfigSources& sources, const Config::Hooks& hooks,
               HookConfig& out) {
    out.name = in.text("name").value_or("");
    if (!proto::is_plain_name(out.name) || out.name == "job")
        in.refuse("name",
                  "must be 1 to 64 letters, digits, dots, dashes or underscores, and not \"job\"");
    read_address(in, "url", out.url);
    read_address(in, "otlp", out.otlp);
    read_command(in, out);
    check_one(in, out);
    if (!out.command.empty()) out.timeout = seconds{60};
    read_tells(in, out);
    if (!out.otlp.empty()) out.tells = {State::succeeded, State::failed, State::canceled};
    if (!out.otlp.empty() && in.raw().contains("events"))
        in.refuse("events", "is not for otlp: traces are sent of jobs that have ended");
    read_secrets(in, sources, out);
    if (const auto timeout = in.duration("timeout", seconds{1}, hours{1})) out.timeout = *timeout;
    check_secrets(in, out, hooks);
    in.finish();
}

}  // namespace

void read_hooks(TableReader& root, const ConfigSources& sources, Config::Hooks& out,
                ConfigErrors& errors) {
    if (const toml::table* const table = root.table("hooks")) {
        TableReader in(*table, "hooks", errors);
        read_secrets(in, sources, out);
        if (const auto allowed = in.flag("private_hosts")) out.private_hosts = *allowed;
        in.finish();
    }
    const toml::array* const list = root.array("hook");
    if (list == nullptr) return;
    std::size_t index = 0;
    for (const toml::node& node : *list) {
        const std::string path = "hook[" + std::to_string(++index) + "]";
        const toml::table* const table = node.as_table();
        if (table == nullptr) {
            errors.add(node.source().begin.line, "hook", "must be written as [[hook]]");
            continue;
        }
        HookConfig hook;
        read_hook(TableReader(*table, path, errors), sources, out, hook);
        const bool taken = std::ranges::any_of(
            out.list, [&](const HookConfig& other) { return other.name == hook.name; });
        if (taken)
            errors.add(table->source().begin.line, path + ".name",
                       "\"" + hook.name + "\" is the name of a hook above");
        out.list.push_back(std::move(hook));
    }
}

}  // namespace genspool::daemon
