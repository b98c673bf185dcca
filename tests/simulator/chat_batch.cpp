// Batches of chat requests: files of lines, answered one by one. Markers in its metadata.note steer
// a batch, those in a line's message that line.
#include <boost/json.hpp>
#include <utility>

#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/replies.hpp"
#include "tests/simulator/task_sale.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

constexpr std::string_view expired_code = "batch_expired";

/// The answers so far, and what became of the other lines.
struct Answers {
    std::string output;
    std::string errors;
    std::size_t total = 0;
    std::size_t failed = 0;
};

json::object reply_line(World& world, const json::object& line) {
    const json::value* const name = line.if_contains("custom_id");
    json::object reply;
    reply.emplace("id", "batch_req_" + std::to_string(world.next_number()));
    reply.emplace("custom_id", name != nullptr ? *name : json::value());
    return reply;
}

/// Why a line fails: a code and its words; an empty code: it does not.
std::pair<std::string, std::string> failure_of(const json::object* body, Instant now) {
    const Problem problem = body != nullptr ? check_chat(*body) : "the line holds no body";
    if (problem) return {"2013", "invalid params, " + *problem};
    const Markers markers = read_markers(last_message(*body)).markers;
    const int code = markers.fail.value_or(markers.refuse.value_or(0));
    if (code == 0) return {};
    return {std::to_string(code), code_text(code, now)};
}

void add_error(World& world, const json::object& line, std::string_view code, std::string_view text,
               Answers& answers) {
    ++answers.failed;
    json::object reply = reply_line(world, line);
    reply.emplace("response", nullptr);
    reply.emplace("error", json::object{{"code", code}, {"message", text}});
    answers.errors += json::serialize(reply) + "\n";
}

void answer_line(World& world, const json::object& line, Instant now, Answers& answers) {
    const json::value* const given = line.if_contains("body");
    const json::object* const body = given != nullptr ? given->if_object() : nullptr;
    const auto [code, text] = failure_of(body, now);
    if (!code.empty()) return add_error(world, line, code, text, answers);
    json::object reply = reply_line(world, line);
    json::object response{{"status_code", 200}};
    response.emplace("request_id", std::to_string(world.next_number()));
    response.emplace("body", completion(world, *body, now));
    reply.emplace("response", std::move(response));
    reply.emplace("error", nullptr);
    answers.output += json::serialize(reply) + "\n";
}

/// All but the last `missing` lines are answered.
Answers answer_lines(World& world, std::string_view lines, std::uint64_t missing, Instant now) {
    Answers answers;
    std::vector<json::object> requests;
    while (!lines.empty()) {
        const std::string_view text = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(text.size() + 1, lines.size()));
        if (text.find_first_not_of(" \t\r") == text.npos) continue;
        boost::system::error_code ec;
        json::value line = json::parse(text, ec);
        requests.push_back(!ec && line.is_object() ? std::move(line.get_object()) : json::object());
    }
    answers.total = requests.size();
    const std::size_t in_time = requests.size() - std::min<std::size_t>(missing, requests.size());
    for (std::size_t n = 0; n < requests.size(); ++n) {
        if (n < in_time) {
            answer_line(world, requests[n], now, answers);
        } else {
            add_error(world, requests[n], expired_code, "not answered in time", answers);
        }
    }
    return answers;
}

/// Puts a file of lines on the shelf, unless there are none; its number, or 0.
std::int64_t put_lines(World& world, const Sale& sale, std::string lines, Sold& sold) {
    if (lines.empty()) return 0;
    ShelfItem item;
    item.kind = MediaKind::jsonl;
    item.mark = std::move(lines);
    item.account = sale.call.account;
    item.task = sold.task;
    item.forbidden = sale.markers.forbid_download;
    item.made_at = sale.call.now;
    const ShelfItem& put = world.shelf.put(std::move(item));
    sold.artifacts.push_back(put.made);
    return put.file_id;
}

std::string_view state_word(const Task& task, const ChatBatch& batch, Instant now) {
    if (task.canceled) return "cancelled";
    if (!task.finished(now)) {
        const int tenths = task.tenths(now);
        if (tenths < 2) return "validating";
        return tenths < 8 ? "in_progress" : "finalizing";
    }
    if (task.fail_code != 0) return "failed";
    return batch.expires ? "expired" : "completed";
}

json::value id_or_null(std::int64_t id) {
    return id == 0 ? json::value() : json::value(std::to_string(id));
}

json::value errors_of(const Task& task, Instant now) {
    if (task.fail_code == 0 || !task.finished(now) || task.canceled) return {};
    json::object error{{"code", std::to_string(task.fail_code)}};
    error.emplace("message", code_text(task.fail_code, now));
    error.emplace("line", nullptr);
    return json::object{{"object", "list"}, {"data", json::array{std::move(error)}}};
}

/// The batch as every call shows it, without a base_resp.
json::object shown(World& world, const Call& call, const std::string& id) {
    Task& task = world.tasks.at(id);
    const ChatBatch& batch = world.batches.at(id);
    const auto word = worded_state(world, call, task, id, state_word(task, batch, call.now));
    bool done = task.succeeded(call.now) && word != "Reviewing";
    if (done && !std::exchange(task.success_shown, true) &&
        world.strikes(Fault::success_without_file_id)) {
        note_fault(world, call, Fault::success_without_file_id, id);
        done = false;
    }
    const auto created = task.created.time_since_epoch().count() / 1000;
    const bool begun = task.fail_code == 0 && !task.canceled;
    json::object counts{{"total", batch.total}};
    counts.emplace("completed", begun && task.finished(call.now) ? batch.total - batch.failed : 0);
    counts.emplace("failed", begun && task.finished(call.now) ? batch.failed : 0);
    json::object answer;
    answer.emplace("id", id);
    answer.emplace("object", "batch");
    answer.emplace("endpoint", "/v1/text/chatcompletion_v2");
    answer.emplace("errors", errors_of(task, call.now));
    answer.emplace("input_file_id", batch.input_file_id);
    answer.emplace("completion_window", "24h");
    answer.emplace("status", word);
    answer.emplace("output_file_id", id_or_null(done ? task.file_id : 0));
    answer.emplace("error_file_id", id_or_null(done ? batch.error_file_id : 0));
    answer.emplace("created_at", created);
    answer.emplace("expires_at", created + 86'400);
    answer.emplace("request_counts", std::move(counts));
    return answer;
}

ModelReply unknown_batch() {
    json::object error{{"message", "no such batch"}, {"type", "not_found"}};
    ModelReply reply = answer_json(json::object{{"error", std::move(error)}});
    reply.status = 404;
    return reply;
}

/// "/v1/batches/ID", and what may follow.
std::string id_in_path(const Call& call) {
    std::string_view rest = call.path().substr(std::string_view("/v1/batches/").size());
    return std::string(rest.substr(0, rest.find('/')));
}

}  // namespace

Problem check_chat_batch(const json::object& body) {
    return FieldCheck(body)
        .require(body.contains("input_file_id"), "input_file_id is required")
        .require(text_field(body, "endpoint") == "/v1/text/chatcompletion_v2",
                 "endpoint is not known")
        .require(text_field(body, "completion_window") == "24h", "completion_window is not known")
        .problem();
}

std::string_view batch_note(const json::object& body) {
    const auto* metadata = body.if_contains("metadata");
    if (metadata == nullptr || !metadata->is_object()) return {};
    return text_field(metadata->get_object(), "note");
}

Sold make_chat_batch(World& world, const Sale& sale) {
    Sold sold;
    Task& task = begin_task(world, sale, TaskFamily::chat_batch, sold);
    const UploadedFile& file =
        *find_upload(world.uploads, "input_file_id", sale.body.at("input_file_id"));
    const std::uint64_t missing = sale.markers.partial;
    Answers answers = answer_lines(world, file.bytes, missing, sale.call.now);
    ChatBatch batch;
    batch.input_file_id = text_field(sale.body, "input_file_id");
    batch.total = answers.total;
    batch.failed = answers.failed;
    batch.expires = missing > 0;
    if (batch.expires && answers.output.empty()) sold.outcome = "failed:expired";
    if (task.fail_code == 0) {
        task.file_id = put_lines(world, sale, std::move(answers.output), sold);
        batch.error_file_id = put_lines(world, sale, std::move(answers.errors), sold);
    }
    world.batches.emplace(sold.task, std::move(batch));
    sold.reply = answer_json(shown(world, sale.call, sold.task));
    return sold;
}

ModelReply query_batch(World& world, const Call& call) {
    const std::string id = id_in_path(call);
    if (auto trouble = query_trouble(world, call, id)) return std::move(*trouble);
    if (find_task(world, call, TaskFamily::chat_batch, id) == nullptr) return unknown_batch();
    return answer_json(shown(world, call, id));
}

/// Newest first: up to `limit` of those behind `after`.
ModelReply list_batches(World& world, const Call& call) {
    if (auto trouble = query_trouble(world, call, {})) return std::move(*trouble);
    const std::size_t limit = number_param(call, "limit", 20);
    const std::string after = call.param("after");
    if (limit < 1 || limit > 100) return answer_invalid("limit must be 1 to 100");
    json::array data;
    for (auto each = world.batches.rbegin(); each != world.batches.rend(); ++each) {
        const std::string& id = each->first;
        if (find_task(world, call, TaskFamily::chat_batch, id) == nullptr) continue;
        if (!after.empty() && id >= after) continue;
        if (data.size() < limit) data.emplace_back(shown(world, call, id));
    }
    json::object answer{{"object", "list"}};
    answer.emplace("data", std::move(data));
    return answer_json(answer);
}

/// A batch that has ended is shown as it is; of one that is called off nothing is answered.
ModelReply cancel_batch(World& world, const Call& call) {
    const std::string id = id_in_path(call);
    if (auto trouble = query_trouble(world, call, id)) return std::move(*trouble);
    Task* const task = find_task(world, call, TaskFamily::chat_batch, id);
    if (task == nullptr) return unknown_batch();
    if (task->finished(call.now)) return answer_json(shown(world, call, id));
    json::object answer = shown(world, call, id);
    answer["status"] = "cancelling";
    call_off(world, call, *task, id);
    return answer_json(answer);
}

}  // namespace genspool::simulator
