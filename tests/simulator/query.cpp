#include <algorithm>
#include <boost/json/array.hpp>
#include <cctype>
#include <charconv>

#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/replies.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

constexpr std::string_view odd_word = "Reviewing";

std::string_view state_word(const Task& task, Instant now) {
    if (task.family == TaskFamily::speech && !task.finished(now)) return "Processing";
    if (task.finished(now)) return task.fail_code == 0 ? "Success" : "Fail";
    const int tenths = task.tenths(now);
    if (tenths < 1) return "Preparing";
    return tenths < 3 && task.family == TaskFamily::video ? "Queueing" : "Processing";
}

void add_file(World& world, const Call& call, Task& task, const std::string& id,
              json::object& answer) {
    const bool first = !task.success_shown;
    task.success_shown = true;
    if (first && world.strikes(Fault::success_without_file_id)) {
        note_fault(world, call, Fault::success_without_file_id, id);
        answer.emplace("file_id", "");
        return;
    }
    if (world.strikes(Fault::number_ids)) {
        note_fault(world, call, Fault::number_ids, id);
        answer.emplace("file_id", task.file_id);
    } else {
        answer.emplace("file_id", std::to_string(task.file_id));
    }
    if (task.family != TaskFamily::video) return;
    answer.emplace("video_width", 128);
    answer.emplace("video_height", 128);
}

void add_link(World& world, const Call& call, Task& task, const std::string& id,
              json::object& answer) {
    const bool first = !task.success_shown;
    task.success_shown = true;
    if (first && world.strikes(Fault::success_without_file_id)) {
        note_fault(world, call, Fault::success_without_file_id, id);
        answer.emplace("video_url", "");
        return;
    }
    const ShelfItem* const item = world.shelf.find(task.file_id);
    answer.emplace("video_url", fresh_link(world, call, *item));
}

/// A query of the v1 API; `add` writes what a success hands over.
ModelReply query_task(World& world, const Call& call, TaskFamily family,
                      void (*add)(World&, const Call&, Task&, const std::string&, json::object&)) {
    const auto id = call.param("task_id");
    if (auto trouble = query_trouble(world, call, id)) return std::move(*trouble);
    Task* const task = find_task(world, call, family, id);
    if (task == nullptr) return answer_invalid("invalid task_id");
    const auto word = worded_state(world, call, *task, id, state_word(*task, call.now));
    json::object answer;
    answer.emplace("task_id", id);
    answer.emplace("status", word);
    // An unheard-of word tells nothing else, or nobody would have to read on.
    if (word != odd_word && task->succeeded(call.now)) {
        add(world, call, *task, id, answer);
        return answer_ok(std::move(answer));
    }
    if (family == TaskFamily::video) answer.emplace("file_id", "");
    const int code = word != odd_word && task->finished(call.now) ? task->fail_code : 0;
    return answer_with(std::move(answer), code, code_text(code, call.now));
}

}  // namespace

void note_fault(World& world, const Call& call, Fault fault, const std::string& task) {
    FaultRecord record;
    record.time = call.now;
    record.fault = to_string(fault);
    record.endpoint = call.path();
    record.task = task;
    world.note(std::move(record));
}

Task* find_task(World& world, const Call& call, TaskFamily family, const std::string& id) {
    const auto found = world.tasks.find(id);
    if (found == world.tasks.end()) return nullptr;
    Task& task = found->second;
    return task.account == call.account && task.family == family ? &task : nullptr;
}

void call_off(World& world, const Call& call, Task& task, const std::string& id) {
    world.capacity.lane(task.account, task.slot).end_early(task.finishes);
    task.canceled = true;
    FaultRecord record;
    record.time = call.now;
    record.fault = "canceled";
    record.endpoint = call.path();
    record.task = id;
    world.note(std::move(record));
}

std::size_t number_param(const Call& call, std::string_view name, std::size_t otherwise) {
    const std::string text = call.param(name);
    std::size_t number = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string worded_state(World& world, const Call& call, const Task& task, const std::string& id,
                         std::string_view word) {
    const bool odd = task.odd_words && !task.finished(call.now);
    if (odd || world.strikes(Fault::unknown_state)) {
        note_fault(world, call, Fault::unknown_state, id);
        return std::string(odd_word);
    }
    std::string worded(word);
    if (world.strikes(Fault::state_case)) {
        note_fault(world, call, Fault::state_case, id);
        const bool upper = world.dice.below(2) == 0;
        std::transform(worded.begin(), worded.end(), worded.begin(), [&](unsigned char c) {
            return static_cast<char>(upper ? std::toupper(c) : std::tolower(c));
        });
    }
    return worded;
}

std::optional<ModelReply> query_trouble(World& world, const Call& call, const std::string& task) {
    if (call.account.find("echo") != std::string::npos)
        return answer_with({}, 1004, "login fail: " + call.account + " is no key");
    if (world.strikes(Fault::query_502)) {
        note_fault(world, call, Fault::query_502, task);
        return answer_bad_gateway();
    }
    if (world.strikes(Fault::query_1002)) {
        note_fault(world, call, Fault::query_1002, task);
        return speaks_v2(call) ? answer_error(1002, code_text(1002, call.now))
                               : answer_code(1002, call.now);
    }
    return std::nullopt;
}

ModelReply query_video(World& world, const Call& call) {
    return query_task(world, call, TaskFamily::video, add_file);
}

ModelReply query_video_template(World& world, const Call& call) {
    return query_task(world, call, TaskFamily::video_template, add_link);
}

ModelReply query_speech(World& world, const Call& call) {
    return query_task(world, call, TaskFamily::speech, add_file);
}

ModelReply list_models(World&, const Call&) {
    json::array data;
    for (const std::string_view id : {"MiniMax-M3", "MiniMax-M2.7", "MiniMax-M2.7-highspeed"}) {
        json::object model;
        model.emplace("id", id);
        model.emplace("object", "model");
        model.emplace("owned_by", "minimax");
        data.emplace_back(std::move(model));
    }
    json::object answer;
    answer.emplace("object", "list");
    answer.emplace("data", std::move(data));
    return answer_json(answer);
}

}  // namespace genspool::simulator
