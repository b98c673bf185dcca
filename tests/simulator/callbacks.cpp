#include "tests/simulator/callbacks.hpp"

#include <boost/json/serialize.hpp>
#include <initializer_list>
#include <utility>

#include "tests/simulator/replies.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

enum class Stage : std::uint8_t { working, ended };

/// As the query of its family words it, but in lower case.
std::string body_of(const Task& task, const std::string& id, Stage stage) {
    const bool failed = task.fail_code != 0;
    json::object body;
    if (task.family == TaskFamily::video_v2) {
        const char* const end = failed ? "failed" : "succeeded";
        json::object shown{{"id", id}, {"model", task.model}};
        shown.emplace("status", stage == Stage::working ? "running" : end);
        body.emplace("task", std::move(shown));
    } else if (task.family == TaskFamily::chat_batch) {
        const char* const end = failed ? "failed" : "completed";
        body.emplace("id", id);
        body.emplace("status", stage == Stage::working ? "in_progress" : end);
    } else {
        const char* const end = failed ? "failed" : "success";
        body.emplace("task_id", id);
        body.emplace("status", stage == Stage::working ? "processing" : end);
        if (stage == Stage::ended) body.emplace("file_id", std::to_string(task.file_id));
    }
    return json::serialize(body);
}

bool strikes(World& world, const Sale& sale, Fault fault, const std::string& task) {
    if (!world.strikes(fault)) return false;
    FaultRecord record;
    record.time = sale.call.now;
    record.fault = to_string(fault);
    record.endpoint = sale.route.path;
    record.task = task;
    world.note(std::move(record));
    return true;
}

}  // namespace

Callbacks callbacks_of(World& world, const Sale& sale, const Sold& sold) {
    Callbacks plan;
    const auto found = world.tasks.find(sold.task);
    if (found == world.tasks.end()) return plan;
    plan.url = text_field(sale.body, "callback_url");
    if (plan.url.empty() || strikes(world, sale, Fault::callback_lost, sold.task)) return {};
    plan.challenge = "sim-" + std::to_string(world.next_number());
    plan.early = strikes(world, sale, Fault::callback_early, sold.task);
    const Task& task = found->second;
    const std::string working = body_of(task, sold.task, Stage::working);
    const std::string ended = body_of(task, sold.task, Stage::ended);
    if (strikes(world, sale, Fault::callback_stranger, sold.task))
        plan.updates.push_back({Duration(0), body_of(task, "9" + sold.task, Stage::ended)});
    if (strikes(world, sale, Fault::callback_disorder, sold.task)) {
        plan.updates.push_back({sold.work, ended});
        plan.updates.push_back({sold.work, working});
    } else {
        plan.updates.push_back({sold.work / 3, working});
        plan.updates.push_back({sold.work, ended});
    }
    if (!strikes(world, sale, Fault::callback_twice, sold.task)) return plan;
    std::vector<CallbackUpdate> twice;
    for (const CallbackUpdate& update : plan.updates)
        twice.insert(twice.end(), {update, update});
    plan.updates = std::move(twice);
    return plan;
}

}  // namespace genspool::simulator
