#include <functional>
#include <vector>

#include "daemon/event_text.hpp"
#include "daemon/filters.hpp"
#include "daemon/lookup.hpp"
#include "daemon/query.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/json_writer.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

asio::awaitable<Reply> job_events(Api& api, Request& request) {
    Query query(request);
    const proto::EventSeq after{read_cursor(query).value};
    const std::size_t limit = query.count("limit", 1, 1'000).value_or(200);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    FoundJob found = co_await find_job(api, request.arguments[0], false);
    if (!found.job) co_return to_reply(*found.problem);

    std::vector<queue::EventRecord> events;
    const proto::JobSeq job = found.job->record.seq;
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        events = reader.events(after, limit, job);
    };
    co_await look(api.queue, std::move(errand));
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.begin_array("events");
    for (const queue::EventRecord& event : events)
        json.raw_element(event_text(event, found.job->batch_id));
    json.end_array();
    write_next(json, events.size() < limit ? 0 : events.back().seq.value);
    json.end_object();
    co_return Reply(200, std::move(out));
}

}  // namespace genspool::daemon::routes
