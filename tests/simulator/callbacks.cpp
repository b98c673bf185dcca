#include "tests/simulator/callbacks.hpp"

#include <algorithm>
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

Callbacks strike_callbacks(World& world, const Sale& sale, const Sold& sold, Callbacks plan,
                           std::string stranger) {
    if (plan.url.empty() || strikes(world, sale, Fault::callback_lost, sold.task)) return {};
    plan.early = strikes(world, sale, Fault::callback_early, sold.task);
    const bool strange = strikes(world, sale, Fault::callback_stranger, sold.task);
    if (strikes(world, sale, Fault::callback_disorder, sold.task)) {
        std::ranges::reverse(plan.updates);
        for (CallbackUpdate& update : plan.updates)
            update.after = sold.work;
    }
    if (strange) plan.updates.insert(plan.updates.begin(), {Duration(0), std::move(stranger)});
    if (!strikes(world, sale, Fault::callback_twice, sold.task)) return plan;
    std::vector<CallbackUpdate> twice;
    for (const CallbackUpdate& update : plan.updates)
        twice.insert(twice.end(), {update, update});
    plan.updates = std::move(twice);
    return plan;
}

Callbacks callbacks_of(World& world, const Sale& sale, const Sold& sold) {
    const auto found = world.tasks.find(sold.task);
    if (found == world.tasks.end()) return {};
    const Task& task = found->second;
    Callbacks plan;
    plan.url = text_field(sale.body, "callback_url");
    plan.updates.push_back({sold.work / 3, body_of(task, sold.task, Stage::working)});
    plan.updates.push_back({sold.work, body_of(task, sold.task, Stage::ended)});
    plan = strike_callbacks(world, sale, sold, std::move(plan),
                            body_of(task, "9" + sold.task, Stage::ended));
    if (!plan.url.empty()) plan.challenge = "sim-" + std::to_string(world.next_number());
    return plan;
}

}  // namespace genspool::simulator
