#include <algorithm>
#include <boost/json/array.hpp>
#include <cctype>

#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/replies.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

std::string_view state_word(const VideoTask& task, Instant now) {
    if (task.finished(now)) return task.fail_code == 0 ? "Success" : "Fail";
    const auto done = now - task.created;
    const auto whole = task.finishes - task.created;
    if (done * 10 < whole) return "Preparing";
    if (done * 10 < whole * 3) return "Queueing";
    return "Processing";
}

/// The state as the answer words it: mostly the plain one.
std::string worded_state(World& world, const Call& call, const VideoTask& task,
                         const std::string& id) {
    std::string word(state_word(task, call.now));
    const bool odd = task.odd_words && !task.finished(call.now);
    if (odd || world.strikes(Fault::unknown_state)) {
        note_fault(world, call, Fault::unknown_state, id);
        return "Reviewing";
    }
    if (world.strikes(Fault::state_case)) {
        note_fault(world, call, Fault::state_case, id);
        const bool upper = world.dice.below(2) == 0;
        std::transform(word.begin(), word.end(), word.begin(), [&](unsigned char c) {
            return static_cast<char>(upper ? std::toupper(c) : std::tolower(c));
        });
    }
    return word;
}

void add_result(World& world, const Call& call, VideoTask& task, const std::string& id,
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
    answer.emplace("video_width", 128);
    answer.emplace("video_height", 128);
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

std::optional<ModelReply> query_trouble(World& world, const Call& call, const std::string& task) {
    if (world.strikes(Fault::query_502)) {
        note_fault(world, call, Fault::query_502, task);
        return answer_bad_gateway();
    }
    if (world.strikes(Fault::query_1002)) {
        note_fault(world, call, Fault::query_1002, task);
        return answer_code(1002, call.now);
    }
    return std::nullopt;
}

ModelReply query_video(World& world, const Call& call) {
    const auto id = call.param("task_id");
    if (auto trouble = query_trouble(world, call, id)) return std::move(*trouble);
    const auto found = world.tasks.find(id);
    if (found == world.tasks.end() || found->second.account != call.account) {
        return answer_invalid("invalid task_id");
    }
    auto& task = found->second;
    const auto word = worded_state(world, call, task, id);
    json::object answer;
    answer.emplace("task_id", id);
    answer.emplace("status", word);
    // An unheard-of word tells nothing else, or nobody would have to read on.
    if (word != "Reviewing" && task.succeeded(call.now)) {
        add_result(world, call, task, id, answer);
        return answer_ok(std::move(answer));
    }
    answer.emplace("file_id", "");
    const int code = word != "Reviewing" && task.finished(call.now) ? task.fail_code : 0;
    return answer_with(std::move(answer), code, code_text(code, call.now));
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
