#include <utility>

#include "daemon/batch_text.hpp"
#include "daemon/body.hpp"
#include "daemon/lookup.hpp"
#include "daemon/query.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/json_fields.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

asio::awaitable<Reply> patch_batch(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    ObjectBody body = co_await read_object(request);
    queue::SetBatchBudget change;
    const boost::json::value* const budget = body.take("budget");
    if (budget != nullptr && !budget->is_null()) {
        change.budget = proto::read_amount(*budget);
        if (!change.budget)
            body.refuse("budget", "budget must be an amount such as 5.00, or null for none.");
    }
    if (budget == nullptr) body.refuse("", "Only the budget of a batch can be changed; name it.");
    body.finish();
    if (body.problem) co_return to_reply(*body.problem);

    FoundBatch found = co_await find_batch(api, request.arguments[0]);
    if (!found.batch) co_return to_reply(*found.problem);
    change.batch = found.batch->seq;
    change.actor = queue::Actor{request.caller.principal, request.caller.admin};
    queue::Command command = std::move(change);
    queue::Answer answer = co_await api.line.ask(std::move(command));
    if (answer.errc != queue::Errc::ok) co_return to_reply(to_problem(answer));
    FoundBatch after = co_await find_batch(api, request.arguments[0]);
    if (!after.batch) co_return to_reply(*after.problem);
    co_return Reply(200, batch_text(*after.batch));
}

}  // namespace genspool::daemon::routes
