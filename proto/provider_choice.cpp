#include "proto/provider_choice.hpp"

#include <algorithm>
#include <set>

namespace genspool::proto {
namespace {

std::string quoted(std::string_view name) {
    return "'" + std::string(name) + "'";
}

std::string joined(const auto& names) {
    std::string out;
    for (const std::string_view name : names) {
        if (!out.empty()) out += ", ";
        out += name;
    }
    return out;
}

std::vector<std::string_view> provider_names(const Registry& registry) {
    std::vector<std::string_view> names;
    for (const Provider* provider : registry.providers())
        names.push_back(provider->name());
    return names;
}

Result<const Provider*> find_provider(std::string_view name, std::string_view field,
                                      const Registry& registry) {
    if (const Provider* provider = registry.provider(name)) return provider;
    const auto known = provider_names(registry);
    return Refused{"invalid", std::string(field),
                   "unknown provider " + quoted(name) + "; known: " + joined(known)};
}

Result<const AccountName*> find_account(std::string_view name,
                                        std::span<const AccountName> accounts) {
    std::vector<std::string_view> names;
    for (const AccountName& account : accounts) {
        if (account.name == name) return &account;
        names.push_back(account.name);
    }
    const std::string known =
        names.empty() ? "; none is configured" : "; configured: " + joined(names);
    return Refused{"unknown_account", "account", "unknown account " + quoted(name) + known};
}

Result<const Provider*> provider_of_account(std::string_view named, std::string_view account_name,
                                            Kind kind, const AdmissionContext& context) {
    const auto account = find_account(account_name, context.accounts);
    if (!account) return account.error();
    const AccountName& found = **account;
    if (!named.empty() && named != found.provider) {
        return Refused{"invalid", "account",
                       "account " + quoted(found.name) + " belongs to provider " +
                           quoted(found.provider) + ", not to " + quoted(named)};
    }
    const bool takes = found.kinds.empty() ||
                       std::find(found.kinds.begin(), found.kinds.end(), kind) != found.kinds.end();
    if (!takes) {
        return Refused{
            "invalid", "account",
            "account " + quoted(found.name) + " does not take kind " + quoted(to_string(kind))};
    }
    return find_provider(found.provider, "account", context.registry);
}

}  // namespace

Result<const Provider*> choose_provider(std::string_view named, std::string_view account, Kind kind,
                                        const AdmissionContext& context) {
    if (!named.empty()) {
        // Its own refusal first: the account's would only say that the two differ.
        const auto provider = find_provider(named, "provider", context.registry);
        if (!provider || account.empty()) return provider;
    }
    if (!account.empty()) return provider_of_account(named, account, kind, context);
    if (!context.default_provider.empty()) {
        return find_provider(context.default_provider, "provider", context.registry);
    }
    std::set<std::string_view> candidates;
    for (const AccountName& configured : context.accounts)
        candidates.insert(configured.provider);
    if (candidates.empty()) {
        for (const std::string_view name : provider_names(context.registry)) {
            candidates.insert(name);
        }
    }
    if (candidates.size() == 1) {
        return find_provider(*candidates.begin(), "provider", context.registry);
    }
    return Refused{"ambiguous_provider", "provider",
                   "provider must be named, because there are several: " + joined(candidates)};
}

Result<void> check_kind_available(Kind kind, const Registry& registry) {
    for (const Provider* provider : registry.providers()) {
        for (const Codec* codec : provider->codecs()) {
            if (codec->info().kind == kind) return {};
        }
    }
    return Refused{"not_available", "kind",
                   "kind " + quoted(to_string(kind)) + " is not available yet"};
}

}  // namespace genspool::proto
