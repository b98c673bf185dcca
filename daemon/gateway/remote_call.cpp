#include "daemon/gateway/remote_call.hpp"

#include <algorithm>

#include "daemon/routes/routes.hpp"

namespace genspool::daemon::gateway {

namespace asio = boost::asio;

std::string only_account(const Api& api, std::string_view provider,
                         std::optional<Problem>& problem) {
    const auto accounts = api.remote.accounts();
    std::vector<const workers::Account*> places;
    std::string names;
    for (const auto& [name, account] : accounts->all()) {
        const auto same = [&account](const auto* other) { return other->same_place(account); };
        if (account.provider != provider || std::ranges::any_of(places, same)) continue;
        names += (places.empty() ? "" : ", ") + name;
        places.push_back(&account);
    }
    if (places.size() == 1) return places.front()->name;
    problem.emplace(
        "account_needed",
        places.empty()
            ? "no account of " + std::string(provider) + " is configured here"
            : "which account is meant? There are " + names + "; add ?account=NAME to the path");
    return {};
}

asio::awaitable<Reply> ask_remote(Api& api, Request& request, std::string account,
                                  std::string method, std::string resource, Query query) {
    request.method = std::move(method);
    request.query = std::move(query);
    request.arguments = {std::move(account), "/" + resource};
    Reply reply = co_await routes::remote(api, request);
    co_return reply;
}

}  // namespace genspool::daemon::gateway
