#include "proto/show.hpp"

#include <array>
#include <boost/json.hpp>

#include "proto/json_writer.hpp"
#include "proto/references.hpp"

namespace genspool::proto {
namespace {

constexpr std::array<std::string_view, 4> task_states = {"open", "done", "failed", "gone"};
constexpr std::array<std::string_view, 4> artifact_states = {"open", "named", "home", "lost"};

void write_failure(JsonWriter& json, const std::optional<Failure>& failure) {
    if (!failure) return json.null("failure");
    json.begin_object("failure");
    json.text("class", to_string(failure->failure));
    json.text("code", failure->code);
    json.text("message", failure->message);
    json.flag("retryable", failure->retryable);
    json.flag("billed", failure->billed);
    json.embedded("upstream", failure->upstream);
    json.end_object();
}

void write_tasks(JsonWriter& json, const JobRecord& record) {
    json.text_or_null("task", record.tasks.empty() ? "" : record.tasks.front().id);
    json.begin_array("tasks");
    for (const Task& task : record.tasks) {
        json.begin_object();
        json.text("id", task.id);
        json.text("account", task.account);
        json.count("send", task.send);
        json.text("state", to_string(task.status));
        json.end_object();
    }
    json.end_array();
}

void write_artifact(JsonWriter& json, std::size_t n, const Artifact& artifact,
                    std::string_view root) {
    json.begin_object();
    json.count("n", n);
    json.text_or_null("name", artifact.name);
    if (!root.empty() && artifact.status == Artifact::Status::home) {
        json.text("path", std::string(root) + "/" + artifact.name);
    }
    json.text_or_null("media_type", artifact.media_type);
    const bool measured = !artifact.sha256.empty();
    if (measured) {
        json.count("bytes", artifact.bytes);
    } else {
        json.null("bytes");
    }
    json.text_or_null("sha256", artifact.sha256);
    json.text("state", to_string(artifact.status));
    write_failure(json, artifact.failure);
    json.end_object();
}

void write_input(JsonWriter& json, const Input& input) {
    json.begin_object();
    if (input.handed_in()) {
        json.text("file", file_name_of(input.sha256));
        json.text("media_type", input.media_type);
        json.count("bytes", input.bytes);
    } else {
        json.text("job", input.job.text());
        json.count("n", input.n);
        json.text_or_null("name", input.name);
        json.text_or_null("sha256", input.sha256);
    }
    json.end_object();
}

void write_submitted(JsonWriter& json, const JobRecord& record, const JobSpec& spec) {
    json.text("kind", to_string(spec.kind));
    json.text("provider", spec.provider);
    json.text("op", spec.op);
    json.text_or_null("model", spec.model);
    json.text_or_null("custom_id", spec.custom_id);
    json.begin_object("labels");
    for (const auto& [name, value] : spec.labels)
        json.text(name, value);
    json.end_object();
    json.count("priority", record.priority);
    json.count("max_attempts", record.max_attempts);
    json.money("max_cost", record.max_cost);
    const bool at_once = spec.not_before == Instant{};
    json.moment("not_before", at_once ? std::optional<Instant>{} : spec.not_before);
    json.moment("deadline", record.deadline);
    json.text_or_null("output", spec.output);
    json.text("principal", record.principal);
    json.text_or_null("webhook", spec.webhook);
    json.text_or_null("traceparent", spec.traceparent);
    json.begin_array("after");
    for (const JobId& job : record.after)
        json.element(job.text());
    json.end_array();
    json.begin_array("inputs");
    for (const Input& input : record.inputs)
        write_input(json, input);
    json.end_array();
}

void write_on_unknown(JsonWriter& json, const OnUnknown& on_unknown) {
    switch (on_unknown.policy) {
        case OnUnknown::Policy::hold:
            return json.text("on_unknown", "hold");
        case OnUnknown::Policy::resubmit:
            return json.text("on_unknown", "resubmit");
        case OnUnknown::Policy::resubmit_up_to:
            break;
    }
    json.begin_object("on_unknown");
    json.money("resubmit_up_to", on_unknown.up_to);
    json.end_object();
}

/// As a share of 1, in millionths.
std::optional<Micros> progress_of(const Outlook& outlook) {
    if (!outlook.permille) return std::nullopt;
    return Micros{*outlook.permille} * 1'000;
}

void write_standing(JsonWriter& json, const JobRecord& record, const JobSpec& spec,
                    const ShowExtras& extras) {
    json.text("id", record.id.text());
    json.text_or_null("batch", extras.batch);
    json.text("state", to_string(record.state));
    json.text_or_null("reason", record.reason);
    if (!extras.gates.empty()) json.raw("gates", extras.gates);
    json.flag("cancel_waits", record.cancel_waits);
    json.count("attempt", record.charged);
    json.count("send", record.send);
    json.text_or_null("account", record.account.empty() ? spec.account : record.account);
    json.text_or_null("upstream_state", record.upstream_state);
    json.money("progress", progress_of(extras.outlook));
    json.moment("eta", extras.outlook.eta);
    json.flag("late", record.late);
    json.flag("overdue", record.overdue);
    json.flag("partial", record.partial);
    json.flag("unanswered", !record.order.empty());
    json.moment("created_at", record.created_at);
    json.moment("updated_at", record.updated_at);
    json.moment("finished_at", record.finished_at);
}

void write_cost(JsonWriter& json, const JobRecord& record) {
    const auto& quote = record.quote;
    json.begin_object("cost");
    json.money("estimated", quote ? std::optional<Micros>(quote->amount) : std::nullopt);
    json.money("spent", record.spent);
    json.money("uncertain", record.uncertain);
    json.money("reserved", record.reserved);
    json.text_or_null("unit", quote ? to_string(quote->unit) : "");
    json.end_object();
}

}  // namespace

void append_job(std::string& out, const JobRecord& record, const JobSpec& spec,
                const ShowExtras& extras) {
    JsonWriter json(out);
    json.begin_object();
    write_standing(json, record, spec, extras);
    write_submitted(json, record, spec);
    write_on_unknown(json, record.on_unknown);
    write_tasks(json, record);
    json.begin_array("artifacts");
    for (std::size_t n = 0; n < record.artifacts.size(); ++n) {
        write_artifact(json, n, record.artifacts[n], extras.artifact_root);
    }
    json.end_array();
    json.embedded("result", record.result);
    write_failure(json, record.failure);
    write_cost(json, record);
    if (extras.with_request && !spec.request.empty()) json.raw("request", spec.request);
    json.end_object();
}

std::string show_job(const JobRecord& record, const JobSpec& spec, const ShowExtras& extras) {
    std::string out;
    out.reserve(1024 + spec.request.size());
    append_job(out, record, spec, extras);
    return out;
}

std::string_view to_string(Task::Status status) {
    return task_states.at(static_cast<std::size_t>(status));
}

std::string_view to_string(Artifact::Status status) {
    return artifact_states.at(static_cast<std::size_t>(status));
}

}  // namespace genspool::proto
