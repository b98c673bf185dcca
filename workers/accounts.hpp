#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "proto/time.hpp"

namespace genspool::workers {

/// Bounds of the poll schedule as a person set them; nullopt: as the op has it.
struct PollBounds {
    std::optional<proto::Duration> min;
    std::optional<proto::Duration> max;
};

/// Where work is bought, with its key. Never logged, never stored.
struct Account {
    std::string name;
    std::string provider;
    std::string base_url;  ///< "https://api.minimax.io", without a slash at its end
    std::string key;
    std::string upstream_account;  ///< group id or linked account; may be empty
    PollBounds poll;
    std::string callback_url{};     ///< where the upstream may say that a task moved; or empty
    std::string callback_secret{};  ///< the part of it that is a secret

    /// Whether what one has at the upstream the other has as well.
    bool same_place(const Account& other) const {
        return base_url == other.base_url && key == other.key &&
               upstream_account == other.upstream_account;
    }
};

/// The accounts as they are configured at one moment. Never changes; a new one takes its place.
class Accounts {
public:
    Accounts() = default;
    explicit Accounts(std::map<std::string, Account, std::less<>> accounts)
        : accounts_(std::move(accounts)) {}

    /// nullptr: no account of that name.
    const Account* find(std::string_view name) const {
        const auto found = accounts_.find(name);
        return found == accounts_.end() ? nullptr : &found->second;
    }

    /// By name.
    const std::map<std::string, Account, std::less<>>& all() const { return accounts_; }

private:
    std::map<std::string, Account, std::less<>> accounts_;
};

}  // namespace genspool::workers
