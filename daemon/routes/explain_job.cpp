#include "daemon/job_text.hpp"
#include "daemon/lookup.hpp"
#include "daemon/query.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/json_writer.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

asio::awaitable<Reply> explain_job(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    FoundJob found = co_await find_job(api, request.arguments[0], true);
    if (!found.job) co_return to_reply(*found.problem);
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("id", found.job->record.id.text());
    json.text("state", proto::to_string(found.job->record.state));
    json.text("reason", found.job->record.reason);
    json.begin_array("gates");
    if (found.explanation) {
        for (const queue::Gate& gate : found.explanation->gates)
            json.raw_element(gate_text(gate));
    }
    json.end_array();
    if (found.explanation && found.explanation->ahead) {
        json.count("ahead", *found.explanation->ahead);
    } else {
        json.null("ahead");
    }
    json.end_object();
    co_return Reply(200, std::move(out));
}

}  // namespace genspool::daemon::routes
