#include "tests/simulator/task_sale.hpp"

#include <chrono>

#include "tests/simulator/till.hpp"

namespace genspool::simulator {
namespace {

/// The code that the task will fail with; 0 when it will succeed.
int choose_failure(World& world, const Sale& sale, const std::string& task_id) {
    if (!sale.markers.fail && !world.strikes(Fault::fail_task)) return 0;
    note(world, sale, "fail-task", false, task_id);
    return sale.markers.fail.value_or(1027);
}

}  // namespace

Task& begin_task(World& world, const Sale& sale, TaskFamily family, Sold& sold) {
    constexpr std::uint64_t first_task = 100'000'000'000'000;
    sold.task = std::to_string(first_task + world.next_number());
    sold.work = world.work_time(sale.markers);

    Task task;
    task.family = family;
    task.slot = sale.route.slot;
    task.account = sale.call.account;
    task.model = text_field(sale.body, "model");
    task.created = sale.call.now;
    task.listed_at = sale.call.now;
    if (family == TaskFamily::video_v2 && world.strikes(Fault::list_late))
        task.listed_at += std::chrono::seconds(10 + world.dice.below(230));
    task.finishes = sale.call.now + sold.work;
    task.odd_words = sale.markers.unknown_state;
    task.fail_code = choose_failure(world, sale, sold.task);
    if (task.fail_code != 0) sold.outcome = "failed:" + std::to_string(task.fail_code);
    return world.tasks.emplace(sold.task, std::move(task)).first->second;
}

Sold sell_task(World& world, const Sale& sale, TaskFamily family, MediaKind kind) {
    Sold sold;
    Task& task = begin_task(world, sale, family, sold);
    if (task.fail_code != 0) return sold;
    auto& item = produce(world, sale, kind);
    item.task = sold.task;
    task.file_id = item.file_id;
    sold.artifacts.push_back(item.made);
    return sold;
}

boost::json::object task_answer(World& world, const Sale& sale, const Sold& sold) {
    boost::json::object answer;
    if (world.strikes(Fault::number_ids)) {
        note(world, sale, "number-ids", false, sold.task);
        answer.emplace("task_id", std::stoull(sold.task));
    } else {
        answer.emplace("task_id", sold.task);
    }
    return answer;
}

}  // namespace genspool::simulator
