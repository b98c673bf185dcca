#include "proto/minimax/chat_batch.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

#include "proto/checker.hpp"
#include "proto/minimax/batch_file.hpp"
#include "proto/minimax/batch_list.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/minimax/task_reply.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

constexpr std::string_view lines_type = "application/x-ndjson";
constexpr std::array<std::string_view, 1> lines_types{"x-ndjson"};
/// The upstream takes 100 MB; so much may lie in the files of one request.
constexpr std::uint64_t lines_bytes = (64U << 20U) + 1;
/// Not shared: which file a batch was made of tells which send has made it.
constexpr FileRule lines_file{"application", lines_types, lines_bytes, FileRule::Form::file_id,
                              "batch",       {},          false,       batch_file_fault};
constexpr std::size_t reason_bytes_max = 500;
/// More than any file of lines can hold.
constexpr std::uint64_t lines_max = 1'000'000'000;

class ChatBatch final : public Codec {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.chat_batch",
                                   .provider = "minimax",
                                   .kind = Kind::chat_batch,
                                   .slot_class = "chat_batch",
                                   .patience = std::chrono::hours{26},
                                   .unknown_window = std::chrono::minutes{15},
                                   .poll = PollSchedule{.first = std::chrono::seconds{30},
                                                        .min = std::chrono::seconds{30},
                                                        .max = std::chrono::minutes{5},
                                                        .floor = std::chrono::seconds{30}},
                                   .takes_callback = true};
        return op;
    }

    Result<Checked> check(const json::object& request) const override;

    Call submit(const JobSpec& spec) const override;
    SubmitOutcome on_submit(const JobSpec& spec, const Reply& reply) const override;

    Call poll(const Task& task) const override { return query("/v1/batches/" + encoded(task.id)); }
    PollOutcome on_poll(const Task& task, const Reply& reply) const override;

    // What comes of it the next query tells: what was answered by then stays bought.
    std::optional<Call> cancel(const Task& task, std::string_view state) const override;

    Call link(const Source& source) const override { return file_link(source); }
    LinkOutcome on_link(const Source&, const Reply& reply) const override {
        return on_file_link(reply);
    }

    Call list(std::string_view page) const override { return list_of_batches(page); }
    ListOutcome on_list(std::string_view page, const Reply& reply) const override {
        return listed_batches(page, reply);
    }

    ExtractOutcome extract(const JobSpec&, const Reply&, std::size_t) const override {
        return artifact_failure("artifact.missing", "answers never lie in the reply");
    }
};

Result<Checked> ChatBatch::check(const json::object& request) const {
    Findings findings;
    Checker checker{request, "request", findings};
    checker.required("input_file_id");
    const json::value* const file = request.if_contains("input_file_id");
    if (file != nullptr && file->is_string()) {
        checker.check_text("input_file_id", {1, 128});
        checker.note_thing("input_file_id", Thing::Kind::file, checker.text("input_file_id"));
    } else {
        checker.check_file_id("input_file_id", lines_file);
    }
    checker.check_text("endpoint", {1, 200});
    checker.check_text("completion_window", {1, 32});
    if (findings.refused) return *findings.refused;
    Checked checked;
    // What its answers cost nobody can say beforehand: no price is known.
    checked.price_key = "minimax.chat_batch";
    checked.files = std::move(findings.files);
    checked.names = std::move(findings.names);
    checked.listed_as = text_or_number(request, "input_file_id");
    return checked;
}

Call ChatBatch::submit(const JobSpec& spec) const {
    json::object body = parse_request(spec.request);
    const auto otherwise = [&body](std::string_view name, std::string_view value) {
        json::value& field = body[name];
        if (field.is_null()) field = value;
    };
    otherwise("endpoint", "/v1/text/chatcompletion_v2");
    otherwise("completion_window", "24h");
    // A text, as the upstream itself tells it.
    body["input_file_id"] = text_or_number(body, "input_file_id");
    return paid_call("/v1/batches", json::serialize(body), std::chrono::seconds{60}, 1U << 20U);
}

SubmitOutcome ChatBatch::on_submit(const JobSpec&, const Reply& reply) const {
    SubmitOutcome outcome = taken_task(reply, "id");
    auto* const refused = std::get_if<Refusal>(&outcome);
    // Not every platform has batches: an address that it does not know is no fault of the account.
    if (refused != nullptr && reply.status == 405 && refused->quarantine.scope == Scope::account)
        refused->quarantine.scope = Scope::op;
    return outcome;
}

/// In the upstream's words; empty: it gives none.
std::string reason_of(const json::object& batch) {
    const json::value* errors = batch.if_contains("errors");
    if (errors == nullptr || errors->is_null()) return {};
    const json::object* const listed = errors->if_object();
    const json::value* const data = listed != nullptr ? listed->if_contains("data") : errors;
    const json::array* const items = data != nullptr ? data->if_array() : nullptr;
    const json::object* const first =
        items != nullptr && !items->empty() ? items->front().if_object() : nullptr;
    std::string reason = first != nullptr ? text_or_number(*first, "message") : "";
    const std::string line = first != nullptr ? text_or_number(*first, "line") : "";
    if (reason.empty()) reason = json::serialize(*errors);
    if (!line.empty()) reason = "line " + line + ": " + reason;
    return bounded_utf8(reason, reason_bytes_max);
}

TaskFailed failed_batch(const Reply& reply, const Envelope& envelope) {
    TaskFailed failed = failed_task(reply, envelope);
    const std::string reason = reason_of(envelope.fields);
    if (envelope.code.empty() && !reason.empty()) failed.failure.message = reason;
    return failed;
}

TaskFailed ended_empty(const Reply& reply, std::string_view state) {
    const bool expired = state == "expired";
    TaskFailed failed;
    failed.failure.failure = expired ? FailureClass::expired : FailureClass::rejected;
    failed.failure.code = expired ? "task.expired" : "task.canceled";
    failed.failure.message = expired ? "the batch expired before any of its lines was answered"
                                     : "the batch was called off before any of its lines was "
                                       "answered";
    failed.failure.upstream = bounded_utf8(reply.body, 2048);
    return failed;
}

/// {"request_counts": …, "files": ["output", "errors"]}: what the artifacts are, in their order.
std::string result_of(const json::object& batch, json::array files) {
    json::object result;
    if (const json::object* counts = object_member(batch, "request_counts")) {
        json::object kept;
        for (const std::string_view name : {"total", "completed", "failed"}) {
            const json::value* count = counts->if_contains(name);
            if (count != nullptr && count->is_int64()) kept[name] = *count;
        }
        result["request_counts"] = std::move(kept);
    }
    result["files"] = std::move(files);
    return json::serialize(result);
}

TaskDone done_batch(const json::object& batch, const std::string& word) {
    TaskDone done;
    done.upstream_state = word;
    json::array files;
    for (const std::string_view which : {"output", "error"}) {
        std::string id = text_or_number(batch, std::string(which) + "_file_id");
        if (!is_usable_id(id)) continue;
        TaskDone one = done_task(std::move(id), std::string(lines_type), word);
        done.artifacts.push_back(std::move(one.artifacts.front()));
        files.emplace_back(which == "output" ? "output" : "errors");
    }
    done.result = result_of(batch, std::move(files));
    return done;
}

/// How much of it is answered, well or not.
std::optional<std::uint32_t> permille_of(const json::object& batch) {
    const json::object* counts = object_member(batch, "request_counts");
    if (counts == nullptr) return std::nullopt;
    const auto count = [&](std::string_view name) {
        return std::min<std::uint64_t>(whole_number(text_or_number(*counts, name)).value_or(0),
                                       lines_max + 1);
    };
    const std::uint64_t total = count("total");
    const std::uint64_t ended = count("completed") + count("failed");
    if (total == 0 || total > lines_max || ended > total) return std::nullopt;
    return static_cast<std::uint32_t>(ended * 1000 / total);
}

/// Lines were answered, so there is a file of answers, though it is not named (yet).
bool lacks_answers(const json::object& batch) {
    const json::object* counts = object_member(batch, "request_counts");
    const std::string answered = counts != nullptr ? text_or_number(*counts, "completed") : "";
    return !answered.empty() && answered != "0" &&
           !is_usable_id(text_or_number(batch, "output_file_id"));
}

/// Its only parameter is the batch, so where the upstream answers at all it speaks of that.
Refusal refused_query(const Reply& reply, const Envelope& envelope) {
    Refusal refused = refusal(reply, envelope);
    if (reply.status == 404 && envelope.readable && envelope.row == nullptr)
        refused.on_query = OnQuery::gone;
    return refused;
}

PollOutcome ChatBatch::on_poll(const Task&, const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    const TaskState batch = task_state(reply, envelope);
    if (batch.failed()) return failed_batch(reply, envelope);
    if (!succeeded(reply, envelope)) return refused_poll(refused_query(reply, envelope));
    const std::string& state = batch.state;
    const bool cut_short = state == "expired" || state == "cancelled" || state == "canceled";
    if (state != "completed" && !cut_short) {
        const bool known = state == "validating" || state == "in_progress" ||
                           state == "finalizing" || state == "cancelling";
        return StillRunning{batch.word, known, permille_of(envelope.fields)};
    }
    if (lacks_answers(envelope.fields)) return StillRunning{batch.word, false};
    if (cut_short && !is_usable_id(text_or_number(envelope.fields, "output_file_id")))
        return ended_empty(reply, state);
    TaskDone done = done_batch(envelope.fields, batch.word);
    if (done.artifacts.empty()) return StillRunning{batch.word, false};
    return done;
}

std::optional<Call> ChatBatch::cancel(const Task& task, std::string_view state) const {
    if (lower(state) == "cancelling") return std::nullopt;
    Call call = query("/v1/batches/" + encoded(task.id) + "/cancel");
    call.method = "POST";
    return call;
}

}  // namespace

const Codec& chat_batch() {
    static const ChatBatch codec;
    return codec;
}

}  // namespace genspool::proto::minimax
