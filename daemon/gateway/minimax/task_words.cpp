#include "daemon/gateway/minimax/task_words.hpp"

#include <boost/json.hpp>
#include <utility>

#include "daemon/gateway/minimax/envelope.hpp"
#include "daemon/gateway/number.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::daemon::gateway::minimax {

namespace json = boost::json;
using proto::State;

namespace {

std::int64_t number_of(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

std::string task_text(const queue::JobView& job) {
    return std::to_string(task_number(job.record.id));
}

/// How far a job is, as all of the upstream's lists of states can say it.
enum class Stage : std::uint8_t { queueing, preparing, processing, done, failed };

Stage stage_of(State state) {
    switch (state) {
        case State::absent:
        case State::blocked:
        case State::queued:
            return Stage::queueing;
        case State::preparing:
        case State::submitting:
            return Stage::preparing;
        case State::succeeded:
            return Stage::done;
        case State::failed:
        case State::canceled:
            return Stage::failed;
        // Whoever is held is asked about: for the client it goes on.
        case State::unknown:
        case State::running:
        case State::canceling:
        case State::fetching:
        case State::held:
            return Stage::processing;
    }
    return Stage::processing;
}

/// The words of v1. Some lists have no "Queueing".
std::string_view word_of(Stage stage, bool queues) {
    switch (stage) {
        case Stage::queueing:
            return queues ? "Queueing" : "Preparing";
        case Stage::preparing:
            return "Preparing";
        case Stage::processing:
            return "Processing";
        case Stage::done:
            return "Success";
        case Stage::failed:
            return "Fail";
    }
    return "Processing";
}

/// A failure has its code; what is held is no failure, and told in words.
json::object told(const proto::JobRecord& job) {
    const bool held = job.state == State::held;
    if (!held && job.state != State::failed && job.state != State::canceled) return base_resp();
    const Trouble trouble = trouble_of(job);
    return base_resp(held ? 0 : trouble.code, trouble.message);
}

std::string file_text(const queue::JobView& job) {
    const auto number = artifact_number(job.record.id, 0);
    return is_home(job, 0) && number ? std::to_string(*number) : "";
}

std::string_view word_v2(const proto::JobRecord& job) {
    if (job.state == State::canceled) return "cancelled";
    switch (stage_of(job.state)) {
        case Stage::queueing:
        case Stage::preparing:
            return "queued";
        case Stage::processing:
            return "running";
        case Stage::done:
            return "succeeded";
        case Stage::failed:
            return "failed";
    }
    return "running";
}

std::string_view task_type(const queue::JobView& job, const json::object& request) {
    if (job.spec.op == "minimax.h3_context_ir") return "h3_context_ir";
    if (request.contains("source_task_id")) return "regeneration";
    return "generation";
}

json::object content_v2(const queue::JobView& job, const Link& link) {
    if (job.record.state != State::succeeded) return {};
    json::object content;
    const std::string prompt = proto::text_or_number(result_of(job), "prompt");
    if (!prompt.empty()) content["prompt"] = prompt;
    if (is_home(job, 0)) content["url"] = link(0);
    return content;
}

std::string_view batch_word(const proto::JobRecord& job) {
    switch (job.state) {
        case State::running:
        case State::held:
        case State::unknown:
            return "in_progress";
        case State::canceling:
            return "cancelling";
        case State::fetching:
            return "finalizing";
        case State::succeeded:
            return "completed";
        case State::canceled:
            return "cancelled";
        case State::failed:
            return job.failure && job.failure->failure == proto::FailureClass::expired ? "expired"
                                                                                       : "failed";
        default:
            return "validating";
    }
}

/// Which of its files the batch names so: "output" or "errors".
json::value batch_file(const queue::JobView& job, std::string_view which) {
    const json::object result = result_of(job);
    const json::value* const files = result.if_contains("files");
    const json::array* const names = files != nullptr ? files->if_array() : nullptr;
    for (std::size_t n = 0; names != nullptr && n < names->size(); ++n) {
        const auto number = artifact_number(job.record.id, n);
        if ((*names)[n] == json::value(which) && is_home(job, n) && number)
            return json::string(std::to_string(*number));
    }
    return nullptr;
}

}  // namespace

std::string created(const PaidCall& call, const queue::JobView& job, const Wishes& wishes) {
    if (call.shape == Shape::batch) return json::serialize(batch_object(job));
    json::object answer;
    const std::uint64_t number = task_number(job.record.id);
    if (call.shape != Shape::async_speech) {
        answer["task_id"] = std::to_string(number);
        if (call.shape != Shape::video_v2) answer["base_resp"] = base_resp();
        return json::serialize(answer);
    }
    answer["task_id"] = number_of(number);
    answer["task_token"] = "";
    answer["file_id"] = number_of(artifact_number(job.record.id, 0).value_or(0));
    answer["usage_characters"] = wishes.characters;
    answer["base_resp"] = base_resp();
    return json::serialize(answer);
}

std::string queried_video(const queue::JobView& job) {
    return json::serialize(json::object{
        {"task_id", task_text(job)},
        {"status", word_of(stage_of(job.record.state), true)},
        {"file_id", file_text(job)},
        {"base_resp", told(job.record)},
    });
}

std::string queried_template(const queue::JobView& job, const Link& link) {
    return json::serialize(json::object{
        {"task_id", task_text(job)},
        {"status", word_of(stage_of(job.record.state), false)},
        {"video_url", is_home(job, 0) ? link(0) : ""},
        {"base_resp", told(job.record)},
    });
}

std::string queried_speech(const queue::JobView& job) {
    const auto& failure = job.record.failure;
    const bool gone = failure && failure->failure == proto::FailureClass::expired;
    std::string_view word = "Processing";
    if (job.record.state == State::succeeded) word = "Success";
    if (stage_of(job.record.state) == Stage::failed) word = gone ? "Expired" : "Failed";
    json::object answer{{"task_id", number_of(task_number(job.record.id))}, {"status", word}};
    answer["file_id"] = number_of(artifact_number(job.record.id, 0).value_or(0));
    answer["base_resp"] = told(job.record);
    return json::serialize(answer);
}

json::object task_v2(const queue::JobView& job, const Link& link) {
    const proto::JobRecord& record = job.record;
    const json::object request = request_of(job);
    json::object task{{"id", task_text(job)},
                      {"model", job.spec.model},
                      {"status", word_v2(record)},
                      {"created_at", unix_seconds(record.created_at)},
                      {"updated_at", unix_seconds(record.updated_at)}};
    json::object content = content_v2(job, link);
    if (!content.empty()) task["content"] = std::move(content);
    for (const std::string_view name : {"resolution", "duration", "ratio"})
        if (const json::value* const value = request.if_contains(name)) task[name] = *value;
    if (record.state == State::failed || record.state == State::held) {
        const Trouble trouble = trouble_of(record);
        const std::string_view name = record.state == State::held ? "message" : "error";
        if (record.state == State::held)
            task[name] = trouble.message;
        else
            task[name] =
                json::object{{"code", std::to_string(trouble.code)}, {"message", trouble.message}};
    }
    task["usage"] = json::object();
    const std::string_view type = task_type(job, request);
    task["task_type"] = type;
    task["modality"] = type == "h3_context_ir" ? "text" : "video";
    return task;
}

json::object batch_object(const queue::JobView& job) {
    const proto::JobRecord& record = job.record;
    const json::object request = request_of(job);
    const auto or_else = [&request](std::string_view name, std::string_view otherwise) {
        const std::string text = proto::text_or_number(request, name);
        return text.empty() ? std::string(otherwise) : text;
    };
    const std::string_view word = batch_word(record);
    json::object batch{{"id", task_text(job)},
                       {"object", "batch"},
                       {"endpoint", or_else("endpoint", "/v1/text/chatcompletion_v2")},
                       {"errors", nullptr},
                       {"input_file_id", label_of(job, "input_file_id")},
                       {"completion_window", or_else("completion_window", "24h")},
                       {"status", word},
                       {"output_file_id", batch_file(job, "output")},
                       {"error_file_id", batch_file(job, "errors")},
                       {"created_at", unix_seconds(record.created_at)}};
    for (const std::string_view end : {"completed", "failed", "expired", "cancelled"}) {
        json::value at = nullptr;
        if (word == end && record.finished_at) at = unix_seconds(*record.finished_at);
        batch[std::string(end) + "_at"] = std::move(at);
    }
    if (record.state == State::failed || record.state == State::held) {
        const Trouble trouble = trouble_of(record);
        json::object error{{"code", std::to_string(trouble.code)}, {"message", trouble.message}};
        batch["errors"] = json::object{{"object", "list"}, {"data", json::array{error}}};
    }
    json::object counts{{"total", 0}, {"completed", 0}, {"failed", 0}};
    const json::object result = result_of(job);
    if (const json::object* const told = proto::object_member(result, "request_counts"))
        for (const auto& member : *told)
            counts[member.key()] = member.value();
    batch["request_counts"] = std::move(counts);
    return batch;
}

json::object file_object(const queue::JobView& job, std::size_t n, const std::string& url) {
    const proto::Artifact& artifact = *file_at(job, n);
    const auto number = artifact_number(job.record.id, n);
    json::object file{
        {"file_id", number_of(number.value_or(0))},
        {"bytes", artifact.bytes},
        {"created_at", unix_seconds(job.record.finished_at.value_or(job.record.updated_at))},
        {"filename", artifact.name.substr(artifact.name.rfind('/') + 1)},
        {"purpose", purpose_of(job)}};
    if (!url.empty()) file["download_url"] = url;
    return file;
}

std::int64_t unix_seconds(proto::Instant at) {
    return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
}

std::string_view purpose_of(const queue::JobView& job) {
    switch (job.spec.kind) {
        case proto::Kind::video:
        case proto::Kind::video_template:
            return "video_generation";
        case proto::Kind::tts:
            return "t2a_async";
        case proto::Kind::chat_batch:
            return "batch";
        default:
            return proto::to_string(job.spec.kind);
    }
}

}  // namespace genspool::daemon::gateway::minimax
