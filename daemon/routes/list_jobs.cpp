#include <algorithm>
#include <functional>
#include <utility>

#include "daemon/filters.hpp"
#include "daemon/job_text.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/json_writer.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

/// A long list is read piece by piece, so that other reads and commands get between: they all share
/// the queue's thread.
constexpr std::size_t slice_jobs = 50;
/// A page of jobs with long requests is a short one.
constexpr std::size_t page_bytes = 1U << 20U;

}  // namespace

asio::awaitable<Reply> list_jobs(Api& api, Request& request) {
    Query query(request);
    ReadFilter read = co_await read_filter(api, query);
    const proto::JobSeq before = read_cursor(query);
    const std::size_t limit = query.count("limit", 1, 1'000).value_or(50);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    if (read.problem) co_return to_reply(*read.problem);

    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.begin_array("jobs");
    queue::Page page;
    page.next = before;
    std::size_t missing = limit;
    std::size_t asked = 0;
    do {
        asked = std::min(missing, slice_jobs);
        std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
            page = reader.list(read.filter, page.next, asked);
        };
        co_await look(api.queue, std::move(errand));
        for (const queue::JobView& job : page.jobs)
            json.raw_element(job_text(job, std::nullopt, api.artifact_root, api.clock.now()));
        missing -= page.jobs.size();
        // One that is neither full nor heavy has looked at as many rows as a page may.
    } while (missing > 0 && page.next && (page.jobs.size() == asked || page.heavy) &&
             out.size() < page_bytes);
    json.end_array();
    write_next(json, page.next.value);
    json.end_object();
    co_return Reply(200, std::move(out));
}

}  // namespace genspool::daemon::routes
