#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>

#include "workers/tools.hpp"

namespace genspool::workers {

/// Looks at each account at its upstream every few minutes, where its provider has free calls for
/// that, and tells the queue what was seen. Event-loop thread only.
class AccountWatch {
public:
    /// `tools` must outlive it.
    explicit AccountWatch(Tools& tools) : tools_(tools) {}

    /// Looks now and in every interval until it is cancelled.
    boost::asio::awaitable<void> run();

    /// Looks once at all that are configured.
    boost::asio::awaitable<void> look();

private:
    boost::asio::awaitable<void> look_at(const proto::Provider& provider, Account account);
    void warn(const std::string& account, const proto::AccountSight& sight);

    Tools& tools_;
    std::map<std::string, proto::AccountSight> warned_;  ///< by account: what was logged last
};

}  // namespace genspool::workers
