#pragma once

#include <toml++/toml.h>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config.hpp"
#include "daemon/small_file.hpp"

/// How the configuration is taken out of TOML: strictly, with the line of everything that is wrong.
/// Included by daemon/config_*.cpp only.
namespace genspool::daemon {

/// Collects what is wrong, all of it in one go.
struct ConfigErrors {
    std::string file;
    std::vector<ConfigError> list;
    std::set<std::string> known = {};  ///< every key that a reader asked for, as a path

    void add(std::uint32_t line, std::string key, std::string message);
};

/// One table of the file. Remembers which keys were asked for; finish() refuses the rest. A value
/// of the wrong type or out of range is reported, and reads as if it were absent.
class TableReader {
public:
    /// `path` is "" for the whole file, else "retry", "account[2]".
    TableReader(const toml::table& table, std::string path, ConfigErrors& errors);

    std::optional<std::string> text(std::string_view key);
    std::optional<bool> flag(std::string_view key);
    std::optional<std::uint64_t> count(std::string_view key, std::uint64_t min, std::uint64_t max);
    /// A whole number of bytes, or a text with K, M, G or T (of 1024) behind it.
    std::optional<std::uint64_t> bytes(std::string_view key, std::uint64_t min, std::uint64_t max);
    /// A text such as "10m".
    std::optional<proto::Duration> duration(std::string_view key, proto::Duration min,
                                            proto::Duration max);
    /// A decimal of at most six places, a number or a text.
    std::optional<proto::Micros> amount(std::string_view key);
    /// One of these words.
    std::optional<std::string> word(std::string_view key,
                                    const std::vector<std::string_view>& words);
    const toml::table* table(std::string_view key);
    const toml::array* array(std::string_view key);
    /// Any value; marks the key as known.
    const toml::node* node(std::string_view key);

    /// A key of a feature that is not built: refused by name, and not as unknown.
    void not_available(std::string_view key, std::string_view why);

    /// Reports every key that nobody asked for, with the nearest known one, and notes the others.
    void finish();

    /// Reports something about `key` at its line.
    void refuse(std::string_view key, std::string message);

    std::string path_of(std::string_view key) const;
    std::uint32_t line_of(std::string_view key) const;
    const toml::table& raw() const { return table_; }

private:
    const toml::table& table_;
    std::string path_;
    ConfigErrors& errors_;
    std::vector<std::string_view> known_;  ///< what was asked for; outlives the reader
};

/// Reads one [[account]]; nullopt if anything in it is wrong. `index` counts from 1.
std::optional<AccountConfig> read_account(const toml::table& table, std::size_t index,
                                          const ConfigSources& sources, ConfigErrors& errors);

/// The tables of the file other than [[account]].
void read_sections(TableReader& root, const ConfigSources& sources, Config& config,
                   ConfigErrors& errors);

std::vector<std::string_view> provider_names(const proto::Registry& registry);

/// The key out of api_key_file, api_key_env or api_key_credential; nullopt, and reported, if there
/// is none that can be used.
std::optional<Secret> read_key(TableReader& account, const ConfigSources& sources,
                               AccountConfig& out);

/// What lies under a setting that ends in "_file", "_env" or "_credential" and says `from`.
SmallFile read_secret(std::string_view setting, const std::string& from,
                      const ConfigSources& sources);

/// [hooks] and each [[hook]].
void read_hooks(TableReader& root, const ConfigSources& sources, Config::Hooks& out,
                ConfigErrors& errors);

/// [http]: an address, the tokens that are wanted there, and TLS where others can reach it.
void read_http(TableReader in, Config::Http& out);

/// [callbacks]: where to listen, and the address under which the world finds that.
void read_callbacks(TableReader in, Config::Callbacks& out);

/// "http(s)://host[:port][/path]", without the slash at its end; nullopt: it is no such address.
std::optional<std::string> clean_url(std::string text);

/// Fills in what depends on the environment: the state directory and the socket.
void default_paths(Config& config, const ConfigSources& sources, ConfigErrors& errors);

/// A decimal as it stood in the file. TOML's numbers arrive as doubles; the shortest text that
/// reads back as the same double is what was written.
std::optional<proto::Micros> read_micros(const toml::node& node);

}  // namespace genspool::daemon
