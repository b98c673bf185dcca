#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/api.hpp"
#include "daemon/problem.hpp"
#include "daemon/reply.hpp"
#include "daemon/request.hpp"

/// Free calls that only an upstream can answer.
namespace genspool::daemon::gateway {

using Query = std::vector<std::pair<std::string, std::string>>;

/// The provider's only account, where several at one place are one; or says in `problem` why that
/// cannot be told.
std::string only_account(const Api& api, std::string_view provider,
                         std::optional<Problem>& problem);

/// Asks as if it had come to /v1/remote, and answers as that does.
boost::asio::awaitable<Reply> ask_remote(Api& api, Request& request, std::string account,
                                         std::string method, std::string resource, Query query);

}  // namespace genspool::daemon::gateway
