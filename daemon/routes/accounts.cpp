#include <functional>
#include <utility>
#include <vector>

#include "daemon/account_text.hpp"
#include "daemon/query.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/pause.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/json_writer.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

asio::awaitable<Reply> accounts(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    std::vector<queue::AccountView> views;
    std::function<void(const queue::Reader&)> errand = [&views](const queue::Reader& reader) {
        views = reader.accounts();
    };
    co_await look(api.queue, std::move(errand));
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.begin_array("accounts");
    for (const queue::AccountView& view : views)
        json.raw_element(account_text(view, api.clock.now()));
    json.end_array();
    json.end_object();
    co_return Reply(200, std::move(out));
}

asio::awaitable<Reply> pause_account(Api& api, Request& request) {
    Reply reply = co_await pause(api, request, request.arguments[0], true);
    co_return reply;
}

asio::awaitable<Reply> resume_account(Api& api, Request& request) {
    Reply reply = co_await pause(api, request, request.arguments[0], false);
    co_return reply;
}

}  // namespace genspool::daemon::routes
