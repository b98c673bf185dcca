#include <charconv>
#include <functional>
#include <memory>
#include <utility>

#include "daemon/event_stream.hpp"
#include "daemon/lookup.hpp"
#include "daemon/query.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/json_writer.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

/// Where to go on: the header counts more than the parameter, as a browser that reconnects sends
/// it.
std::optional<proto::EventSeq> wanted_start(const Request& request, Query& query) {
    const auto after = query.count("after", 0, UINT64_MAX);
    const std::string& header = request.field(Field::last_event_id);
    if (header.empty()) return after ? std::optional(proto::EventSeq{*after}) : std::nullopt;
    std::uint64_t value = 0;
    const auto read = std::from_chars(header.data(), header.data() + header.size(), value);
    if (read.ec != std::errc{} || read.ptr != header.data() + header.size())
        query.refuse("Last-Event-ID", "Last-Event-ID must be the number of an event.");
    return proto::EventSeq{value};
}

/// What cannot be gone on after; `name` says from where the log can be read instead.
Reply unreadable_from(std::string_view code, std::string detail, std::string_view name,
                      proto::EventSeq event) {
    const ProblemKind& kind = problem_kind(code);
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("type", "urn:genspool:problem:" + std::string(code));
    json.text("title", kind.title);
    json.count("status", static_cast<std::uint64_t>(kind.status));
    json.text("code", kind.code);
    json.text("detail", detail);
    json.flag("retryable", kind.retryable);
    json.count(name, event.value);
    json.end_object();
    Reply reply(kind.status, std::move(out));
    reply.content_type = "application/problem+json";
    return reply;
}

/// `oldest` is the number to go on after to miss nothing that is still kept.
Reply gone(proto::EventSeq oldest) {
    std::string detail = "The oldest event that is kept is " + std::to_string(oldest.value) + ".";
    return unreadable_from("events_gone", std::move(detail), "oldest", oldest);
}

/// The reader has followed another log, or this one before it was put back.
Reply not_yet(proto::EventSeq after, proto::EventSeq newest) {
    std::string detail = "There is no event " + std::to_string(after.value) +
                         " yet to go on after; the newest is " + std::to_string(newest.value) + ".";
    return unreadable_from("events_ahead", std::move(detail), "newest", newest);
}

}  // namespace

asio::awaitable<Reply> events(Api& api, Request& request) {
    Query query(request);
    EventSelection selection;
    const auto job = query.text("job");
    const auto batch = query.text("batch");
    const auto start = wanted_start(request, query);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    if (job) {
        FoundJob found = co_await find_job(api, *job, false);
        if (!found.job) co_return to_reply(*found.problem);
        selection.job = found.job->record.seq;
    }
    if (batch) {
        FoundBatch found = co_await find_batch(api, *batch);
        if (!found.batch) co_return to_reply(*found.problem);
        selection.batch = found.batch->seq;
    }
    queue::Stats stats;
    std::function<void(const queue::Reader&)> errand = [&stats](const queue::Reader& reader) {
        stats = reader.stats();
    };
    co_await look(api.queue, std::move(errand));
    selection.after = start.value_or(stats.last_event);
    if (selection.after > stats.last_event) co_return not_yet(selection.after, stats.last_event);
    if (stats.first_event.value > selection.after.value + 1) co_return gone(stats.first_event);

    Reply reply(200);
    reply.content_type = "text/event-stream";
    reply.headers.emplace_back("Cache-Control", "no-store");
    reply.stream = std::make_unique<EventStream>(api.queue, api.feed, selection);
    co_return reply;
}

}  // namespace genspool::daemon::routes
