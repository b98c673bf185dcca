#include "daemon/hooks/spans.hpp"

#include <algorithm>

#include "proto/build.hpp"
#include "proto/json_writer.hpp"
#include "workers/digest.hpp"

namespace genspool::daemon::hooks {

namespace {

constexpr std::size_t trace_digits = 32;
constexpr std::size_t span_digits = 16;
constexpr std::size_t trace_at = 3;  ///< in "00-TRACE-SPAN-FLAGS"
constexpr std::size_t span_at = 36;
constexpr int kind_internal = 1;
constexpr int kind_consumer = 5;
constexpr int status_error = 2;

std::string nanoseconds(proto::Instant at) {
    return std::to_string(at.time_since_epoch().count()) + "000000";
}

/// Whether whoever traces wants this one: the last digit's lowest bit.
bool sampled(const std::string& traceparent) {
    const char last = traceparent.back();
    const int digit = last <= '9' ? last - '0' : last - 'a' + 10;
    return digit % 2 == 1;
}

struct Ids {
    std::string trace;
    std::string parent;  ///< empty: there is none
    std::string job;

    std::string span(const std::string& what) const {
        return workers::sha256_hex(job + " " + what).substr(0, span_digits);
    }
};

Ids ids_of(const queue::JobView& job) {
    Ids ids;
    ids.job = job.record.id.text();
    const std::string& given = job.spec.traceparent;
    if (given.empty()) {
        ids.trace = workers::sha256_hex("trace " + ids.job).substr(0, trace_digits);
    } else {
        ids.trace = given.substr(trace_at, trace_digits);
        ids.parent = given.substr(span_at, span_digits);
    }
    return ids;
}

/// What came after the last end but this one.
std::span<const queue::EventRecord> last_run(std::span<const queue::EventRecord> history) {
    std::size_t begin = 0;
    for (std::size_t at = 0; at + 1 < history.size(); ++at)
        if (proto::is_terminal(history[at].to)) begin = at + 1;
    return history.subspan(begin);
}

void attribute(proto::JsonWriter& json, std::string_view key, std::string_view value) {
    if (value.empty()) return;
    json.begin_object();
    json.text("key", key);
    json.begin_object("value");
    json.text("stringValue", value);
    json.end_object();
    json.end_object();
}

/// The head of a span; its attributes and its end are still to be written.
void begin_span(proto::JsonWriter& json, const Ids& ids, const std::string& id,
                const std::string& parent, std::string_view name, int kind, proto::Instant from,
                proto::Instant to) {
    json.begin_object();
    json.text("traceId", ids.trace);
    json.text("spanId", id);
    if (!parent.empty()) json.text("parentSpanId", parent);
    json.text("name", name);
    json.integer("kind", kind);
    json.text("startTimeUnixNano", nanoseconds(from));
    json.text("endTimeUnixNano", nanoseconds(to));
}

void write_job_span(proto::JsonWriter& json, const Ids& ids, const std::string& id,
                    std::span<const queue::EventRecord> run, const queue::JobView& job) {
    const queue::EventRecord& end = run.back();
    begin_span(json, ids, id, ids.parent, "genspool " + std::string(to_string(job.spec.kind)),
               kind_consumer, run.front().at, end.at);
    json.begin_array("attributes");
    attribute(json, "genspool.job", ids.job);
    attribute(json, "genspool.state", proto::to_string(end.to));
    attribute(json, "genspool.op", job.spec.op);
    attribute(json, "genspool.model", job.spec.model);
    attribute(json, "genspool.account", job.record.account);
    attribute(json, "genspool.custom_id", job.spec.custom_id);
    attribute(json, "genspool.batch", job.batch_id);
    json.end_array();
    if (end.to == proto::State::failed) {
        json.begin_object("status");
        json.integer("code", status_error);
        json.text("message", end.detail);
        json.end_object();
    }
    json.end_object();
}

/// One for each stay in a state, however many events befell it there.
void write_state_spans(proto::JsonWriter& json, const Ids& ids, const std::string& parent,
                       std::span<const queue::EventRecord> run) {
    std::size_t at = 0;
    while (at + 1 < run.size()) {
        std::size_t next = at + 1;
        while (next + 1 < run.size() && run[next].to == run[at].to)
            ++next;
        begin_span(json, ids, ids.span(std::to_string(run[at].seq.value)), parent,
                   proto::to_string(run[at].to), kind_internal, run[at].at, run[next].at);
        json.begin_array("attributes");
        attribute(json, "genspool.event", proto::to_string(run[at].event));
        attribute(json, "genspool.account", run[at].account);
        attribute(json, "genspool.detail", run[at].detail);
        json.end_array();
        json.end_object();
        at = next;
    }
}

}  // namespace

std::string spans_text(std::span<const queue::EventRecord> history, const queue::JobView& job) {
    const std::string& given = job.spec.traceparent;
    if (history.empty() || (!given.empty() && !sampled(given))) return {};
    const std::span<const queue::EventRecord> run = last_run(history);
    const Ids ids = ids_of(job);
    const std::string whole = ids.span("run " + std::to_string(run.front().seq.value));
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.begin_array("resourceSpans");
    json.begin_object();
    json.begin_object("resource");
    json.begin_array("attributes");
    attribute(json, "service.name", "genspool");
    attribute(json, "service.version", proto::build().version);
    json.end_array();
    json.end_object();
    json.begin_array("scopeSpans");
    json.begin_object();
    json.begin_object("scope");
    json.text("name", "genspool");
    json.end_object();
    json.begin_array("spans");
    write_job_span(json, ids, whole, run, job);
    write_state_spans(json, ids, whole, run);
    for (int level = 0; level < 3; ++level) {
        json.end_array();
        json.end_object();
    }
    return out;
}

}  // namespace genspool::daemon::hooks
