#include <functional>
#include <utility>
#include <vector>

#include "daemon/api.hpp"
#include "daemon/query.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/routes.hpp"
#include "daemon/times_text.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

asio::awaitable<Reply> times(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    std::vector<queue::LearnedTimes> learned;
    std::function<void(const queue::Reader&)> errand = [&learned](const queue::Reader& reader) {
        learned = reader.learned_times();
    };
    co_await look(api.queue, std::move(errand));
    co_return Reply(200, times_text(learned));
}

}  // namespace genspool::daemon::routes
