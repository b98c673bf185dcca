// What an account has: files, voices, a plan.
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <map>

#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/replies.hpp"
#include "tests/simulator/sale.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 2> voice_types = {"voice_cloning", "voice_generation"};

json::object body_of(const Call& call) {
    boost::system::error_code ec;
    json::value body = json::parse(call.request.body, ec);
    return !ec && body.is_object() ? std::move(body.get_object()) : json::object();
}

/// What the account's tasks have made and is still there, by its id.
std::map<std::int64_t, const ShelfItem*> results_of(const World& world, const Call& call) {
    std::map<std::int64_t, const ShelfItem*> results;
    for (const auto& [id, task] : world.tasks) {
        const bool by_id = task.family == TaskFamily::video || task.family == TaskFamily::speech;
        if (!by_id || task.account != call.account || !task.succeeded(call.now)) continue;
        if (const ShelfItem* item = world.shelf.find(task.file_id)) results[task.file_id] = item;
    }
    return results;
}

json::array voices_of(const World& world, const Call& call, std::string_view type) {
    json::array voices;
    const std::string mine = call.account + "/";
    for (const auto& [name, made_as] : world.voices) {
        if (made_as != type || !name.starts_with(mine)) continue;
        json::object voice;
        voice.emplace("voice_id", name.substr(mine.size()));
        voice.emplace("description", json::array());
        voice.emplace("created_time", "2026-08-01");
        voices.emplace_back(std::move(voice));
    }
    return voices;
}

}  // namespace

ModelReply list_files(World& world, const Call& call) {
    if (auto trouble = query_trouble(world, call, {})) return std::move(*trouble);
    const std::string purpose = call.param("purpose");
    if (purpose.empty()) return answer_invalid("purpose is required");
    std::map<std::int64_t, json::object> found;
    for (const auto& [id, file] : world.uploads) {
        if (file.account == call.account && file.purpose == purpose)
            found.emplace(id, told_of(id, file));
    }
    for (const auto& [id, item] : results_of(world, call)) {
        json::object told = told_of(*item);
        if (text_field(told, "purpose") == purpose) found.emplace(id, std::move(told));
    }
    json::array files;
    for (auto& [id, file] : found)
        files.emplace_back(std::move(file));
    return answer_ok(json::object{{"files", std::move(files)}});
}

ModelReply delete_file(World& world, const Call& call) {
    if (auto trouble = query_trouble(world, call, {})) return std::move(*trouble);
    const json::object body = body_of(call);
    const json::value* const given = body.if_contains("file_id");
    const std::int64_t* const id = given != nullptr ? given->if_int64() : nullptr;
    if (id == nullptr) return answer_invalid("file_id must be a number");
    const std::string_view purpose = text_field(body, "purpose");
    const auto upload = world.uploads.find(*id);
    const auto results = results_of(world, call);
    const auto result = results.find(*id);
    if (upload != world.uploads.end() && upload->second.account == call.account &&
        upload->second.purpose == purpose) {
        world.uploads.erase(upload);
    } else if (result != results.end() &&
               text_field(told_of(*result->second), "purpose") == purpose) {
        world.shelf.remove(*id);
    } else {
        return answer_invalid("invalid file_id");
    }
    return answer_ok(json::object{{"file_id", *id}});
}

ModelReply get_voice(World& world, const Call& call) {
    if (auto trouble = query_trouble(world, call, {})) return std::move(*trouble);
    const json::object body = body_of(call);
    const std::string type(text_field(body, "voice_type"));
    const bool all = type == "all";
    if (!all && type != "system" && std::ranges::find(voice_types, type) == voice_types.end())
        return answer_invalid("voice_type");
    json::object answer;
    json::object system{{"voice_id", "male-qn-qingse"}, {"voice_name", "Qingse"}};
    answer.emplace("system_voice", nullptr);
    if (all || type == "system") answer["system_voice"] = json::array{std::move(system)};
    for (const std::string_view each : voice_types) {
        answer.emplace(each, nullptr);
        if (all || type == each) answer[each] = voices_of(world, call, each);
    }
    return answer_ok(std::move(answer));
}

ModelReply delete_voice(World& world, const Call& call) {
    if (auto trouble = query_trouble(world, call, {})) return std::move(*trouble);
    const json::object body = body_of(call);
    const std::string voice(text_field(body, "voice_id"));
    const auto found = world.voices.find(call.account + "/" + voice);
    if (found == world.voices.end() || found->second != text_field(body, "voice_type"))
        return answer_invalid("voice_id");
    world.voices.erase(found);
    return answer_ok(json::object{{"voice_id", voice}, {"created_time", "2026-08-01"}});
}

ModelReply plan_remains(World& world, const Call& call) {
    if (auto trouble = query_trouble(world, call, {})) return std::move(*trouble);
    const std::int64_t now = call.now.time_since_epoch().count();
    constexpr std::int64_t window = 5LL * 60 * 60 * 1'000;
    json::object model;
    model.emplace("model_name", "general");
    model.emplace("start_time", now - window / 2);
    model.emplace("end_time", now + window / 2);
    model.emplace("remains_time", window / 2);
    model.emplace("current_interval_total_count", 1'500);
    model.emplace("current_interval_usage_count", 1'200);
    return answer_ok(json::object{{"model_remains", json::array{std::move(model)}}});
}

}  // namespace genspool::simulator
