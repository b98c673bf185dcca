// MiniMax-H3: tasks inside an envelope, errors by HTTP code, a list, and tasks that can be called
// off.
#include <algorithm>
#include <boost/json/array.hpp>
#include <set>
#include <vector>

#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/replies.hpp"
#include "tests/simulator/task_sale.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

const json::array* content_of(const json::object& body) {
    const auto* content = body.if_contains("content");
    return content != nullptr ? content->if_array() : nullptr;
}

std::size_t texts_in(const json::array& content) {
    const auto is_text = [](const json::value& item) {
        return item.is_object() && text_field(item.get_object(), "type") == "text" &&
               !text_field(item.get_object(), "text").empty();
    };
    return static_cast<std::size_t>(std::count_if(content.begin(), content.end(), is_text));
}

std::string_view state_word(const Task& task, Instant now) {
    if (task.canceled) return "cancelled";
    if (task.finished(now)) return task.fail_code == 0 ? "succeeded" : "failed";
    return task.tenths(now) < 3 ? "queued" : "running";
}

ModelReply invalid(std::string_view problem) {
    return answer_error(2013, "invalid params, " + std::string(problem));
}

std::string last_segment(const Call& call) {
    const std::string_view path = call.path();
    return std::string(path.substr(path.rfind('/') + 1));
}

/// The task as query and list show it.
json::object shown(World& world, const Call& call, Task& task, const std::string& id) {
    const auto word = worded_state(world, call, task, id, state_word(task, call.now));
    json::object answer;
    answer.emplace("id", id);
    answer.emplace("model", task.model);
    answer.emplace("status", word);
    answer.emplace("created_at", task.created.time_since_epoch().count() / 1000);
    answer.emplace("resolution", task.resolution);
    answer.emplace("duration", task.seconds);
    const char* const clip = task.made_larger ? "regeneration" : "generation";
    answer.emplace("task_type", task.words.empty() ? clip : "h3_context_ir");
    answer.emplace("modality", task.words.empty() ? "video" : "text");
    answer.emplace("ratio", "");
    answer.emplace("usage", json::object{});
    if (word == "Reviewing") return answer;
    if (task.succeeded(call.now)) {
        const bool first = !task.success_shown;
        task.success_shown = true;
        json::object content;
        if (first && world.strikes(Fault::success_without_file_id)) {
            note_fault(world, call, Fault::success_without_file_id, id);
        } else if (!task.words.empty()) {
            content.emplace("prompt", task.words);
        } else {
            content.emplace("url", fresh_link(world, call, *world.shelf.find(task.file_id)));
        }
        answer.emplace("content", std::move(content));
    } else if (task.finished(call.now) && !task.canceled) {
        json::object error;
        error.emplace("code", std::to_string(task.fail_code));
        error.emplace("message", code_text(task.fail_code, call.now));
        answer.emplace("error", std::move(error));
    }
    return answer;
}

}  // namespace

Problem check_video_v2(const json::object& body) {
    const auto* content = content_of(body);
    return FieldCheck(body)
        .need_family("model", {"MiniMax-H3"})
        .require(content != nullptr, "content is required")
        .require(content == nullptr || texts_in(*content) == 1, "exactly one text is needed")
        .require(body.contains("resolution"), "resolution is required")
        .may_word("resolution", {"480P", "768P", "2K"})
        .require(body.contains("duration"), "duration is required")
        .may_whole("duration", 4, 15)
        .problem();
}

Problem check_context_ir(const json::object& body) {
    const auto* content = content_of(body);
    return FieldCheck(body)
        .need_family("model", {"MiniMax-H3"})
        .require(content != nullptr, "content is required")
        .require(content == nullptr || texts_in(*content) == 1, "exactly one text is needed")
        .may_whole("duration", 4, 15)
        .problem();
}

Problem check_regeneration(const json::object& body) {
    return FieldCheck(body)
        .need_family("model", {"MiniMax-H3"})
        .may_word("resolution", {"2K"})
        .require(body.contains("resolution"), "resolution is required")
        .require(body.contains("source_task_id") != body.contains("content"),
                 "exactly one of source_task_id and content is needed")
        .problem();
}

std::string_view content_text(const json::object& body) {
    const auto* content = content_of(body);
    if (content == nullptr) return {};
    for (const json::value& item : *content) {
        if (!item.is_object() || text_field(item.get_object(), "type") != "text") continue;
        return text_field(item.get_object(), "text");
    }
    return {};
}

Sold make_video_v2(World& world, const Sale& sale) {
    Sold sold = sell_task(world, sale, TaskFamily::video_v2, MediaKind::mp4);
    Task& task = world.tasks.at(sold.task);
    task.resolution = text_field(sale.body, "resolution");
    task.seconds = whole_field(sale.body, "duration", 5);
    task.made_larger = sale.route.path == "/v2/video_regeneration";
    sold.reply = answer_json(task_answer(world, sale, sold));
    return sold;
}

Sold make_context_ir(World& world, const Sale& sale) {
    Sold sold = sell_task(world, sale, TaskFamily::video_v2, MediaKind::mp4);
    sold.artifacts.clear();
    world.tasks.at(sold.task).words = "In warm light: " + std::string(sale.prompt);
    sold.reply = answer_json(task_answer(world, sale, sold));
    return sold;
}

ModelReply query_video_v2(World& world, const Call& call) {
    const auto id = last_segment(call);
    if (auto trouble = query_trouble(world, call, id)) return std::move(*trouble);
    Task* const task = find_task(world, call, TaskFamily::video_v2, id);
    if (task == nullptr) return invalid("invalid task_id");
    json::object answer;
    answer.emplace("task", shown(world, call, *task, id));
    return answer_json(answer);
}

/// Newest first, of the last seven days, by pages.
ModelReply list_video_v2(World& world, const Call& call) {
    if (auto trouble = query_trouble(world, call, {})) return std::move(*trouble);
    const auto wanted = call.param("filter.status");
    const auto model = call.param("filter.model");
    const auto type = call.param("filter.task_type");
    const auto asked = call.params("filter.task_ids");
    std::vector<std::string> ids;
    const auto look_at = [&](const std::string& id, const Task& task) {
        const bool ours = task.family == TaskFamily::video_v2 && task.account == call.account;
        const bool kept = task.created >= call.now - std::chrono::hours(24 * 7);
        const bool fits = (wanted.empty() || state_word(task, call.now) == wanted) &&
                          (model.empty() || task.model == model) &&
                          (type.empty() || type == "generation");
        if (!ours || !kept || !fits) return;
        const bool late = asked.empty() && call.now < task.listed_at;
        if (late) note_fault(world, call, Fault::list_late, id);
        if (!late) ids.push_back(id);
    };
    // Of a hundred thousand tasks only those that are asked for are looked at.
    for (const std::string& id : std::set<std::string>(asked.begin(), asked.end())) {
        const auto found = world.tasks.find(id);
        if (found != world.tasks.end()) look_at(id, found->second);
    }
    if (asked.empty()) {
        for (const auto& [id, task] : world.tasks)
            look_at(id, task);
    }
    std::sort(ids.rbegin(), ids.rend());
    const std::size_t size = number_param(call, "page_size", 20);
    const std::size_t first = (number_param(call, "page_num", 1) - 1) * size;
    json::array items;
    for (std::size_t n = first; n < std::min(first + size, ids.size()); ++n)
        items.emplace_back(shown(world, call, world.tasks.at(ids[n]), ids[n]));
    json::object answer;
    answer.emplace("items", std::move(items));
    answer.emplace("total", ids.size());
    return answer_json(answer);
}

/// Calls off what is queued; of what has ended it takes the record away.
ModelReply cancel_video_v2(World& world, const Call& call) {
    const auto id = last_segment(call);
    if (auto trouble = query_trouble(world, call, id)) return std::move(*trouble);
    Task* const task = find_task(world, call, TaskFamily::video_v2, id);
    if (task == nullptr) return invalid("invalid task_id");
    const auto word = state_word(*task, call.now);
    if (word == "running" || word == "cancelled")
        return invalid("the task is " + std::string(word));
    const std::string done = word == "queued" ? "cancelled" : "deleted";
    if (word == "queued") {
        call_off(world, call, *task, id);
    } else {
        world.tasks.erase(id);
    }
    json::object answer;
    answer.emplace("task_id", id);
    answer.emplace("action", done);
    answer.emplace("status", done);
    return answer_json(answer);
}

}  // namespace genspool::simulator
