#include "daemon/config.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/config_toml.hpp"

namespace genspool::daemon {
namespace {

constexpr const char* system_config = "/etc/genspool/genspool.toml";

std::string variable(const ConfigSources& sources, const std::string& name) {
    const auto found = sources.environment.find(name);
    return found == sources.environment.end() ? "" : found->second;
}

/// Of the directories that systemd hands to a unit ("a:b") the first.
std::string first_directory(const std::string& list) {
    return list.substr(0, list.find(':'));
}

ConfigResult result(Config config, ConfigErrors errors) {
    if (errors.list.empty()) return config;
    return std::move(errors.list);
}

}  // namespace

std::string ConfigError::text() const {
    std::string out = file;
    if (line != 0) out += ":" + std::to_string(line);
    if (!out.empty()) out += ": ";
    if (!key.empty()) out += key + ": ";
    return out + message;
}

ConfigSources ConfigSources::of_process(const proto::Registry& registry) {
    ConfigSources sources;
    sources.registry = &registry;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const std::size_t equals = text.find('=');
        if (equals != std::string_view::npos)
            sources.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return sources;
}

void default_paths(Config& config, const ConfigSources& sources, ConfigErrors& errors) {
    std::string& state = config.daemon.state_dir;
    if (state.empty()) state = first_directory(variable(sources, "STATE_DIRECTORY"));
    if (state.empty()) {
        const std::string base = variable(sources, "XDG_STATE_HOME");
        const std::string home = variable(sources, "HOME");
        if (!base.empty()) state = base + "/genspool";
        if (state.empty() && !home.empty()) state = home + "/.local/state/genspool";
    }
    if (state.empty())
        errors.add(0, "daemon.state_dir",
                   "neither configured nor to be had from $XDG_STATE_HOME or $HOME");
    std::string& socket = config.daemon.socket;
    if (socket.empty()) {
        const std::string service = first_directory(variable(sources, "RUNTIME_DIRECTORY"));
        const std::string user = variable(sources, "XDG_RUNTIME_DIR");
        const std::string directory = !service.empty() ? service : !user.empty() ? user : state;
        socket = directory + "/genspool.sock";
    }
    if (socket.size() > 107)
        errors.add(0, "daemon.socket",
                   "\"" + socket +
                       "\" is longer than the 107 characters that "
                       "a unix socket's path may have");
    while (state.size() > 1 && state.back() == '/')
        state.pop_back();
}

ConfigResult parse_config(std::string_view toml, const std::string& file,
                          const ConfigSources& sources) {
    Config config;
    config.file = file;
    ConfigErrors errors{file, {}};
    toml::table root;
    try {
        // The packaged library has no other way to say that a text is no TOML.
        root = toml::parse(toml);
    } catch (const toml::parse_error& error) {
        errors.add(error.source().begin.line, "", std::string(error.description()));
        return result(std::move(config), std::move(errors));
    }
    TableReader reader(root, "", errors);
    read_sections(reader, sources, config, errors);
    if (errors.list.empty()) default_paths(config, sources, errors);
    return result(std::move(config), std::move(errors));
}

ConfigResult load_config(const std::string& file, const ConfigSources& sources) {
    std::error_code ignored;  // what cannot be looked at cannot be opened either
    if (std::filesystem::is_directory(file, ignored)) {
        ConfigErrors errors{file, {}};
        errors.add(0, "", "is a directory; name the file in it");
        return result({}, std::move(errors));
    }
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (in) text << in.rdbuf();
    if (!in) {
        ConfigErrors errors{file, {}};
        errors.add(0, "", "cannot be read: " + std::generic_category().message(errno));
        return result({}, std::move(errors));
    }
    return parse_config(text.str(), file, sources);
}

ConfigResult default_config(const ConfigSources& sources) {
    Config config;
    ConfigErrors errors;
    default_paths(config, sources, errors);
    return result(std::move(config), std::move(errors));
}

ConfigResult read_config(const std::string& file, const ConfigSources& sources) {
    if (!file.empty()) return load_config(file, sources);
    std::error_code ignored;  // a file that cannot be looked at is one that is not there
    if (std::filesystem::exists(system_config, ignored)) return load_config(system_config, sources);
    return default_config(sources);
}

}  // namespace genspool::daemon
