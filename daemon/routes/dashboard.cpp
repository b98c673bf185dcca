#include "daemon/dashboard.hpp"

#include <utility>

#include "daemon/problem.hpp"
#include "daemon/routes/routes.hpp"

namespace genspool::daemon::routes {

boost::asio::awaitable<Reply> dashboard(Api&, Request& request) {
    auto reply = daemon::dashboard::reply(request);
    if (!reply) co_return to_reply(Problem("not_found", "The dashboard has no such file."));
    co_return std::move(*reply);
}

}  // namespace genspool::daemon::routes
