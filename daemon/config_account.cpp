#include <algorithm>
#include <boost/url/parse.hpp>

#include "daemon/config_toml.hpp"
#include "proto/nearest_name.hpp"
#include "proto/token_file.hpp"

namespace genspool::daemon {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr std::uint64_t most_of_a_class = 100'000;

/// `slots` and `rpm`: one number for all classes, or a table by class. What else the table may hold
/// `read_more` takes out of it.
template <typename ReadMore>
void read_by_class(TableReader& in, std::string_view key, const proto::Provider& provider,
                   ConfigErrors& errors, std::map<std::string, std::uint32_t>& out,
                   ReadMore read_more) {
    constexpr std::uint64_t most = most_of_a_class;
    const toml::node* const node = in.node(key);
    if (node == nullptr) return;
    const toml::table* const table = node->as_table();
    if (table == nullptr) {
        if (const auto all = in.count(key, 0, most)) {
            for (const proto::SlotClass& each : provider.slot_classes())
                out[std::string(each.name)] = static_cast<std::uint32_t>(*all);
        }
        return;
    }
    TableReader classes(*table, in.path_of(key), errors);
    for (const proto::SlotClass& each : provider.slot_classes()) {
        if (const auto value = classes.count(each.name, 0, most))
            out[std::string(each.name)] = static_cast<std::uint32_t>(*value);
    }
    read_more(*table, classes);
    classes.finish();
}

/// "OP", "OP/MODEL", "CLASS/MODEL" or "queries/OP"; a model may be any. Ops whose tasks are asked
/// for together have no limit of queries: it would keep them apart.
bool names_a_rate(std::string_view name, const proto::Provider& provider) {
    constexpr std::string_view queries = "queries/";
    if (name.starts_with(queries)) {
        name.remove_prefix(queries.size());
        return std::ranges::any_of(provider.codecs(), [name](const proto::Codec* codec) {
            return codec->info().name == name && codec->info().poll_many_max == 0;
        });
    }
    const std::size_t slash = name.find('/');
    const std::string_view of = name.substr(0, slash);
    const bool op = std::ranges::any_of(
        provider.codecs(), [of](const proto::Codec* codec) { return codec->info().name == of; });
    if (slash == std::string_view::npos) return op;
    const bool known =
        op || std::ranges::any_of(provider.slot_classes(),
                                  [of](const proto::SlotClass& each) { return each.name == of; });
    return known && slash + 1 < name.size();
}

void read_rates(const toml::table& table, TableReader& in, const proto::Provider& provider,
                std::map<std::string, std::uint32_t>& out) {
    for (const auto& [key, node] : table) {
        if (!names_a_rate(key.str(), provider)) continue;
        if (const auto value = in.count(key.str(), 0, most_of_a_class))
            out[std::string(key.str())] = static_cast<std::uint32_t>(*value);
    }
}

void read_poll(TableReader& in, ConfigErrors& errors, AccountConfig& account) {
    const toml::table* const table = in.table("poll");
    if (table == nullptr) return;
    TableReader poll(*table, in.path_of("poll"), errors);
    account.poll_min = poll.duration("min", milliseconds{1}, hours{24});
    account.poll_max = poll.duration("max", milliseconds{1}, hours{24});
    if (account.poll_min && account.poll_max && *account.poll_max < *account.poll_min)
        poll.refuse("max", "must not be shorter than min");
    poll.finish();
}

void read_account_budget(TableReader& in, ConfigErrors& errors, AccountConfig& account) {
    const toml::table* const table = in.table("budget");
    if (table == nullptr) return;
    TableReader budget(*table, in.path_of("budget"), errors);
    account.day_budget = budget.amount("day");
    budget.finish();
}

std::vector<std::string_view> kind_names(const proto::Provider& provider) {
    std::vector<std::string_view> names;
    for (const proto::Codec* codec : provider.codecs()) {
        const std::string_view name = proto::to_string(codec->info().kind);
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
    return names;
}

void read_kinds(TableReader& in, const proto::Provider& provider, AccountConfig& account) {
    const toml::array* const list = in.array("kinds");
    if (list == nullptr) return;
    const auto known = kind_names(provider);
    if (list->empty()) in.refuse("kinds", "must name at least one kind, or be left out");
    for (const toml::node& node : *list) {
        const auto* const name = node.as_string();
        const bool ours = name != nullptr && std::ranges::find(known, name->get()) != known.end();
        if (!ours) {
            const std::string shown = name != nullptr ? "\"" + name->get() + "\"" : "this";
            in.refuse("kinds",
                      shown + " is no kind that " + account.provider + " has" +
                          (name != nullptr ? proto::did_you_mean(name->get(), known) : ""));
            continue;
        }
        account.kinds.push_back(*proto::parse_kind(name->get()));
    }
}

/// What depends on the provider. Where that is unknown it cannot be judged.
void read_by_provider(TableReader& in, const proto::Provider* provider, ConfigErrors& errors,
                      AccountConfig& account) {
    if (provider == nullptr) {
        for (const char* const key : {"slots", "rpm", "kinds"})
            in.node(key);
        return;
    }
    for (const proto::SlotClass& each : provider->slot_classes()) {
        account.slots[std::string(each.name)] = each.slots;
        account.rpm[std::string(each.name)] = each.rpm;
    }
    for (const proto::Codec* codec : provider->codecs()) {
        const proto::OpInfo& op = codec->info();
        if (op.queries_rpm > 0) account.rpm["queries/" + std::string(op.name)] = op.queries_rpm;
    }
    const auto nothing_more = [](const toml::table&, TableReader&) {};
    std::map<std::string, std::uint32_t> wished;
    read_by_class(in, "slots", *provider, errors, wished, nothing_more);
    for (const auto& [slot_class, slots] : wished) {
        account.slots[slot_class] = slots;
        account.slots_wished.insert(slot_class);
    }
    const auto rates = [&](const toml::table& table, TableReader& classes) {
        read_rates(table, classes, *provider, account.rpm);
    };
    read_by_class(in, "rpm", *provider, errors, account.rpm, rates);
    read_kinds(in, *provider, account);
}

}  // namespace

std::optional<std::string> clean_url(std::string text) {
    while (!text.empty() && text.back() == '/')
        text.pop_back();
    const auto url = boost::urls::parse_uri(text);
    if (!url || (url->scheme() != "https" && url->scheme() != "http")) return std::nullopt;
    if (url->host().empty() || url->has_userinfo() || url->has_query() || url->has_fragment())
        return std::nullopt;
    return text;
}

std::optional<AccountConfig> read_account(const toml::table& table, std::size_t index,
                                          const ConfigSources& sources, ConfigErrors& errors) {
    const std::size_t errors_before = errors.list.size();
    TableReader in(table, "account[" + std::to_string(index) + "]", errors);
    AccountConfig account;
    account.name = in.text("name").value_or("");
    if (!proto::is_plain_name(account.name))
        in.refuse("name", "must be 1 to 64 letters, digits, dots, dashes or underscores");

    const auto provider_name = in.word("provider", provider_names(*sources.registry));
    const proto::Provider* const provider =
        provider_name ? sources.registry->provider(*provider_name) : nullptr;
    if (table.get("provider") == nullptr) in.refuse("provider", "is missing");
    if (provider != nullptr) {
        account.provider = *provider_name;
        account.base_url = std::string(provider->default_base_url());
        account.unit = provider->unit();
        account.key_has_accounts = provider->key_has_accounts();
    }
    if (auto written = in.text("base_url")) {
        const auto url = clean_url(std::move(*written));
        if (!url) in.refuse("base_url", "must be an address as in \"https://api.minimax.io\"");
        account.base_url = url.value_or("");
    }
    if (auto key = read_key(in, sources, account)) account.api_key = std::move(*key);
    account.upstream_account = in.text("upstream_account").value_or("");
    read_by_provider(in, provider, errors, account);
    read_poll(in, errors, account);
    read_account_budget(in, errors, account);
    account.weight = static_cast<std::uint32_t>(in.count("weight", 1, 1'000).value_or(1));
    in.finish();
    if (errors.list.size() != errors_before) return std::nullopt;
    return account;
}

}  // namespace genspool::daemon
