#include "workers/account_watch.hpp"

#include <utility>
#include <vector>

#include "proto/time.hpp"
#include "workers/submit_outcome.hpp"
#include "workers/upstream_call.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

constexpr proto::Duration interval{300'000};

/// Whoever must log an account in anew is told so long before.
constexpr proto::Duration login_warning{72 * 3'600'000LL};

}  // namespace

asio::awaitable<void> AccountWatch::run() {
    bool goes_on = true;
    while (goes_on) {
        co_await look();
        goes_on = co_await tools_.clock.sleep_until(tools_.clock.now() + interval);
    }
}

asio::awaitable<void> AccountWatch::look() {
    const std::shared_ptr<const Accounts> accounts = tools_.accounts;
    for (const auto& [name, account] : accounts->all()) {
        const proto::Provider* const provider = tools_.registry.provider(account.provider);
        if (provider != nullptr) co_await look_at(*provider, account);
    }
}

asio::awaitable<void> AccountWatch::look_at(const proto::Provider& provider, Account account) {
    std::vector<proto::Call> calls = provider.looks();
    if (calls.empty()) co_return;
    proto::AccountSight sight;
    for (std::size_t n = 0; n < calls.size(); ++n) {
        HttpCall call = upstream_call(provider, account, std::move(calls[n]));
        HttpReply reply = co_await tools_.http.call(std::move(call));
        bool told = reply.progress == HttpProgress::complete;
        if (told) told = provider.read_look(n, to_reply(std::move(reply)), sight);
        // Half of what there is to see would tell that the other half is well. What is broken is so
        // whatever the rest says, and of an account that is gone there is nothing else to see.
        if (!told && sight.broken.empty()) co_return;
    }
    warn(account.name, sight);
    queue::Command command = queue::SeeAccount{account.name, std::move(sight)};
    co_await tools_.queue.ask(std::move(command));
}

void AccountWatch::warn(const std::string& account, const proto::AccountSight& sight) {
    proto::AccountSight& last = warned_[account];
    if (!sight.broken.empty() && sight.broken != last.broken)
        tools_.log("event=account_broken account=" + account + " error=\"" + sight.broken + "\"");
    const bool soon = sight.login_until && *sight.login_until < tools_.clock.now() + login_warning;
    if (soon && sight.login_until != last.login_until)
        tools_.log("event=login_ends account=" + account +
                   " at=" + proto::format_rfc3339(*sight.login_until));
    // It is worth a line again only once it has changed; what is not soon yet is not logged yet.
    last = sight;
    if (!soon) last.login_until.reset();
}

}  // namespace genspool::workers
