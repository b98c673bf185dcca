#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <sstream>

#include "daemon/config_toml.hpp"
#include "daemon/peer.hpp"
#include "proto/nearest_name.hpp"

namespace genspool::daemon {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr proto::Duration long_span = days{3'650};
constexpr std::array units = {proto::Unit::usd, proto::Unit::credits};

/// Assigns where something was read.
template <class T, class U>
void set(T& target, const std::optional<U>& value) {
    if (value) target = static_cast<T>(*value);
}

void read_daemon(TableReader in, Config::Daemon& out) {
    for (const auto& [key, target] :
         {std::pair{"state_dir", &out.state_dir}, std::pair{"socket", &out.socket}}) {
        const auto path = in.text(key);
        if (!path) continue;
        if (path->empty() || path->front() != '/') in.refuse(key, "must be an absolute path");
        *target = *path;
    }
    // A unix socket's address holds 107 characters and a terminating zero.
    if (out.socket.size() > 107) in.refuse("socket", "must be a path of at most 107 characters");
    set(out.admin_group, in.text("admin_group"));
    if (!AdminGroup::find(out.admin_group))
        in.refuse("admin_group", "there is no group " + out.admin_group);
    set(out.drain, in.duration("drain", seconds{0}, hours{24}));
    in.finish();
}

void read_defaults(TableReader in, const proto::Registry& registry, Config::Defaults& out) {
    set(out.provider, in.word("provider", provider_names(registry)));
    in.finish();
}

void read_retry(TableReader in, Config::Retry& out) {
    set(out.base, in.duration("base", milliseconds{1}, hours{1}));
    set(out.cap, in.duration("cap", milliseconds{1}, hours{24}));
    set(out.max_attempts, in.count("max_attempts", 1, 100));
    if (out.cap < out.base) in.refuse("cap", "must not be shorter than base");
    in.finish();
}

void read_budget(TableReader in, ConfigErrors& errors, Config::Budget& out) {
    if (const toml::table* const table = in.table("day")) {
        TableReader day(*table, in.path_of("day"), errors);
        for (const proto::Unit unit : units)
            if (const auto limit = day.amount(proto::to_string(unit))) out.day[unit] = *limit;
        day.finish();
    }
    in.finish();
}

/// A request of an upstream's, written as TOML; empty: it has no such form.
boost::json::object as_json(const toml::table& table) {
    std::ostringstream text;
    text << toml::json_formatter{table};
    boost::system::error_code error;
    const boost::json::value value = boost::json::parse(text.str(), error);
    return error || !value.is_object() ? boost::json::object() : value.get_object();
}

void read_inbox(TableReader in, Config::Inbox& out) {
    set(out.enabled, in.flag("enabled"));
    if (const auto dir = in.text("dir")) {
        if (dir->empty() || dir->front() != '/') in.refuse("dir", "must be an absolute path");
        out.dir = *dir;
    }
    set(out.settle, in.duration("settle", milliseconds{0}, hours{1}));
    if (const auto dedupe = in.word("dedupe", {"none", "content"}))
        out.dedupe_content = *dedupe == "content";
    if (const toml::table* const speech = in.table("speech")) {
        out.speech = as_json(*speech);
        if (out.speech.contains("text"))
            in.refuse("speech", "must not have a text: that is the file's");
        if (out.speech.empty()) in.refuse("speech", "must say how a text is spoken");
    }
    in.finish();
}

void read_retention(TableReader in, Config::Retention& out) {
    set(out.jobs, in.duration("jobs", seconds{1}, long_span));
    set(out.jobs_max, in.count("jobs_max", 1, 1'000'000'000));
    set(out.events, in.duration("events", seconds{1}, long_span));
    set(out.idempotency, in.duration("idempotency", seconds{1}, long_span));
    set(out.blobs, in.duration("blobs", seconds{1}, long_span));
    if (const auto artifacts = in.text("artifacts"); artifacts && *artifacts != "keep")
        in.refuse("artifacts",
                  "not_available: artifacts are kept until someone removes them; "
                  "only \"keep\" is built");
    in.finish();
}

void read_limits(TableReader in, Config::Limits& out) {
    set(out.queue_jobs_max, in.count("queue_jobs_max", 1, 1'000'000'000));
    set(out.body_bytes_max, in.bytes("body_bytes_max", 1'024, 1ULL << 40U));
    set(out.line_bytes_max, in.bytes("line_bytes_max", 1'024, 64ULL << 20U));
    set(out.connections_max, in.count("connections_max", 1, 100'000));
    // With less a single client could be in its own way: a line is held twice, and what it becomes.
    const std::uint64_t least = 8 * out.line_bytes_max;
    const auto held = in.bytes("held_bytes_max", 1'024, 1ULL << 40U);
    out.held_bytes_max = held.value_or(std::max(out.held_bytes_max, least));
    if (held && *held < least)
        in.refuse("held_bytes_max", "must be at least eight times line_bytes_max");
    in.finish();
}

std::vector<std::string_view> op_names(const proto::Registry& registry) {
    std::vector<std::string_view> names;
    for (const proto::Provider* provider : registry.providers()) {
        for (const proto::Codec* codec : provider->codecs())
            names.push_back(codec->info().name);
    }
    return names;
}

void read_patience(TableReader in, const proto::Registry& registry, Config& config) {
    // Asked for one by one, so that finish() knows all the ops and can name the nearest.
    for (const std::string_view op : op_names(registry)) {
        if (const auto patience = in.duration(op, seconds{1}, days{30}))
            config.patience[std::string(op)] = *patience;
    }
    in.finish();
}

/// `unit`: of its provider.
void read_price(TableReader prices, const std::string& key, proto::Unit unit, ConfigErrors& errors,
                Config& config) {
    const toml::table* const row = prices.table(key);
    if (row == nullptr) return;
    TableReader in(*row, prices.path_of(key), errors);
    PriceConfig price;
    price.per = static_cast<std::int64_t>(in.count("per", 1, 1'000'000'000).value_or(0));
    int amounts = 0;
    for (const proto::Unit known : units) {
        const std::string_view name = proto::to_string(known);
        if (in.raw().get(name) != nullptr) ++amounts;
        if (const auto micros = in.amount(name)) price.amount = {*micros, known};
    }
    if (amounts != 1) prices.refuse(key, "must have one amount, as in { USD = 0.49 }");
    if (amounts == 1 && in.raw().get(proto::to_string(unit)) == nullptr) {
        prices.refuse(key, "must be in " + std::string(proto::to_string(unit)) +
                               ", as all prices of its provider");
    }
    in.finish();
    config.prices[key] = price;
}

void read_prices(TableReader in, const proto::Registry& registry, ConfigErrors& errors,
                 Config& config) {
    const auto ops = op_names(registry);
    for (const auto& [name, value] : in.raw()) {
        const std::string key(name.str());
        const std::string op = key.substr(0, key.find('/'));
        if (std::ranges::find(ops, op) == ops.end()) {
            in.refuse(key, "\"" + op + "\" is no op" + proto::did_you_mean(op, ops));
            continue;
        }
        const std::string_view provider = registry.codec(op)->info().provider;
        read_price(in, key, registry.provider(provider)->unit(), errors, config);
    }
}

void read_accounts(TableReader& root, const ConfigSources& sources, Config& config,
                   ConfigErrors& errors) {
    const toml::array* const list = root.array("account");
    if (list == nullptr) return;
    std::size_t index = 0;
    for (const toml::node& node : *list) {
        ++index;
        const toml::table* const table = node.as_table();
        if (table == nullptr) {
            errors.add(node.source().begin.line, "account", "must be written as [[account]]");
            continue;
        }
        auto account = read_account(*table, index, sources, errors);
        if (!account) continue;
        const bool taken = std::ranges::any_of(
            config.accounts, [&](const AccountConfig& a) { return a.name == account->name; });
        if (taken) {
            errors.add(table->source().begin.line, "account[" + std::to_string(index) + "].name",
                       "\"" + account->name + "\" is the name of an account above");
        } else {
            config.accounts.push_back(std::move(*account));
        }
    }
}

}  // namespace

std::vector<std::string_view> provider_names(const proto::Registry& registry) {
    std::vector<std::string_view> names;
    for (const proto::Provider* provider : registry.providers())
        names.push_back(provider->name());
    return names;
}

void read_sections(TableReader& root, const ConfigSources& sources, Config& config,
                   ConfigErrors& errors) {
    const proto::Registry& registry = *sources.registry;
    const auto section = [&](std::string_view key) -> std::optional<TableReader> {
        const toml::table* const table = root.table(key);
        if (table == nullptr) return std::nullopt;
        return TableReader(*table, std::string(key), errors);
    };
    if (auto in = section("daemon")) read_daemon(*in, config.daemon);
    if (auto in = section("http")) read_http(*in, config.http);
    if (auto in = section("callbacks")) read_callbacks(*in, config.callbacks);
    if (auto in = section("defaults")) read_defaults(*in, registry, config.defaults);
    if (auto in = section("retry")) read_retry(*in, config.retry);
    if (auto in = section("budget")) read_budget(*in, errors, config.budget);
    if (auto in = section("inbox")) read_inbox(*in, config.inbox);
    if (auto in = section("retention")) read_retention(*in, config.retention);
    if (auto in = section("patience")) read_patience(*in, registry, config);
    if (auto in = section("fetch")) {
        set(config.fetch.patience, in->duration("patience", seconds{1}, days{365}));
        set(config.fetch.private_hosts, in->flag("private_hosts"));
        in->finish();
    }
    read_hooks(root, sources, config.hooks, errors);
    if (auto in = section("disk")) {
        set(config.disk.reserve_bytes, in->bytes("reserve", 0, 1ULL << 50U));
        in->finish();
    }
    if (auto in = section("limits")) read_limits(*in, config.limits);
    if (auto in = section("prices")) read_prices(*in, registry, errors, config);
    read_accounts(root, sources, config, errors);
    root.finish();
}

}  // namespace genspool::daemon
