#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/secret.hpp"
#include "proto/codec.hpp"
#include "proto/job.hpp"
#include "proto/money.hpp"
#include "proto/time.hpp"

namespace genspool::daemon {

/// An account as it is configured. What the file left out has its provider's defaults.
struct AccountConfig {
    std::string name;
    std::string provider;
    std::string base_url;
    Secret api_key;
    std::string api_key_setting;    ///< "api_key_file", "api_key_env" or "api_key_credential"
    std::string api_key_from;       ///< what that setting said: a path or name, never the key
    std::string upstream_account;   ///< linked account or group id; may be empty
    bool key_has_accounts = false;  ///< the key opens several such accounts
    std::map<std::string, std::uint32_t> slots;  ///< by slot class
    std::set<std::string> slots_wished;          ///< the classes that the file names
    std::map<std::string, std::uint32_t> rpm;    ///< as AccountSetup::rpm; 0: no limit
    std::optional<proto::Duration> poll_min;     ///< bounds of the poll schedule, where given
    std::optional<proto::Duration> poll_max;
    std::uint32_t weight = 1;
    std::optional<proto::Micros> day_budget;  ///< in the provider's unit
    proto::Unit unit = proto::Unit::usd;      ///< the provider's
    std::vector<proto::Kind> kinds;           ///< empty: all that the provider has
};

/// `amount` for `per` units of what the op counts (songs, images, characters); 0: as many as the
/// built-in price of that key.
struct PriceConfig {
    proto::Money amount;
    std::int64_t per = 0;

    bool operator==(const PriceConfig&) const = default;
};

/// Somebody who is told of what becomes of jobs: one of an address, a command and a collector of
/// traces.
struct HookConfig {
    std::string name;
    std::string url;
    std::string otlp;                  ///< where a collector takes traces
    std::vector<std::string> command;  ///< a program's path and its arguments
    std::set<proto::State> tells{proto::State::succeeded, proto::State::failed,
                                 proto::State::canceled, proto::State::held};
    std::string secret_setting;  ///< as Config::Hooks has it; empty: those of [hooks] count
    std::string secret_from;
    std::vector<Secret> secrets;  ///< the decoded bytes; two while they change
    proto::Duration timeout{15'000};
};

/// Everything the daemon is told, with its defaults. Read at the start, and anew on SIGHUP; nothing
/// else looks at the file or the environment.
struct Config {
    std::string file;  ///< empty: none was read

    struct Daemon {
        std::string state_dir;
        std::string socket;
        std::string admin_group;  ///< its members may act on every job; empty: no group
        proto::Duration drain{600'000};
    } daemon;

    /// TCP beside the unix socket.
    struct Http {
        std::string listen;              ///< "127.0.0.1:7788"; empty: no TCP
        std::string token_file;          ///< who is let in
        std::string tls_cert;            ///< PEM; empty: plain, and on loopback only
        std::string tls_key;             ///< PEM
        std::vector<std::string> hosts;  ///< further names the daemon goes by
        std::string url;  ///< what leads here from outside; empty: what a client has asked
    } http;

    /// Where upstreams may say that a task has moved. Both, or neither.
    struct Callbacks {
        std::string listen;  ///< "127.0.0.1:7789"; empty: no callbacks
        std::string url;     ///< what upstreams are told leads there, without a slash at its end
    } callbacks;

    struct Defaults {
        std::string provider;  ///< empty: a job must say, or its account does
    } defaults;

    struct Retry {
        proto::Duration base{2'000};
        proto::Duration cap{300'000};
        std::uint32_t max_attempts = 3;
    } retry;

    /// For all accounts together, by unit.
    struct Budget {
        std::map<proto::Unit, proto::Micros> day;  ///< UTC
    } budget;

    struct Inbox {
        bool enabled = true;
        std::string dir;  ///< empty: inbox/ in the state directory
        proto::Duration settle{2'000};
        bool dedupe_content = false;  ///< dedupe = "content"
        boost::json::object speech;   ///< [inbox.speech]: how a *.txt is spoken; empty: not at all
    } inbox;

    struct Retention {
        proto::Duration jobs{30 * 86'400'000LL};
        std::uint64_t jobs_max = 2'000'000;
        proto::Duration events{14 * 86'400'000LL};
        proto::Duration idempotency{30 * 86'400'000LL};
        proto::Duration blobs{7 * 86'400'000LL};
    } retention;

    std::map<std::string, proto::Duration> patience;  ///< by op

    struct Fetch {
        proto::Duration patience{24 * 3'600'000LL};
        bool private_hosts = false;  ///< download from loopback and private addresses, too
    } fetch;

    /// Who is told of what becomes of jobs.
    struct Hooks {
        std::string secret_setting;   ///< "secret_file", "secret_env", "secret_credential"; or none
        std::string secret_from;      ///< what that setting said: a path or name
        std::vector<Secret> secrets;  ///< for the addresses that jobs name, and hooks without any
        bool private_hosts = false;   ///< addresses of one's own network, too
        std::vector<HookConfig> list;
    } hooks;

    struct Disk {
        std::uint64_t reserve_bytes = 2ULL << 30U;
    } disk;

    struct Limits {
        std::uint64_t queue_jobs_max = 5'000'000;
        std::uint64_t body_bytes_max = 64ULL << 20U;
        std::uint64_t line_bytes_max = 1ULL << 20U;
        std::uint32_t connections_max = 1'024;
        std::uint64_t held_bytes_max = 128ULL << 20U;
    } limits;

    std::map<std::string, PriceConfig> prices;  ///< overrides of the built-in table
    std::vector<AccountConfig> accounts;
};

/// Something wrong with a configuration.
struct ConfigError {
    std::string file;
    std::uint32_t line = 0;  ///< 0: no particular line
    std::string key;         ///< "retry.base"; empty where no key is meant
    std::string message;

    /// "FILE:LINE: KEY: MESSAGE", without the parts that are missing.
    std::string text() const;
};

/// What reading a configuration may look at beside its text. Tests give their own.
struct ConfigSources {
    const proto::Registry* registry = nullptr;
    std::map<std::string, std::string> environment;
    bool keys = true;  ///< false: keys are not read; where each would come from stands for it

    /// The process's own environment.
    static ConfigSources of_process(const proto::Registry& registry);
};

/// The configuration, or everything that is wrong with it.
using ConfigResult = std::variant<Config, std::vector<ConfigError>>;

/// Reads TOML. `file` names it in errors. Key files are read and their modes checked.
ConfigResult parse_config(std::string_view toml, const std::string& file,
                          const ConfigSources& sources);

/// The same from a file; one that cannot be read is an error without a line.
ConfigResult load_config(const std::string& file, const ConfigSources& sources);

/// Without any file: per-user paths, no account.
ConfigResult default_config(const ConfigSources& sources);

/// What genspoold works with: this file; or if none is named /etc/genspool/genspool.toml, if there
/// is one; or none.
ConfigResult read_config(const std::string& file, const ConfigSources& sources);

/// The whole effective configuration as TOML, secrets masked. Reading it back gives the same.
std::string show_config(const Config& config);

}  // namespace genspool::daemon
