#include "tests/simulator/replies.hpp"
#include "tests/simulator/sale.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

/// The 01 series knows one length and one size.
bool old_series(std::string_view model) {
    return !model.starts_with("MiniMax-Hailuo");
}

bool size_fits(const json::object& body) {
    const auto model = text_field(body, "model");
    const auto resolution = text_field(body, "resolution");
    const auto duration = whole_field(body, "duration", 6);
    if (old_series(model)) return duration == 6 && (resolution.empty() || resolution == "720P");
    if (resolution == "720P") return false;
    if (resolution == "1080P") return duration == 6;
    if (resolution == "512P") {
        return model == "MiniMax-Hailuo-02" && body.contains("first_frame_image");
    }
    return true;
}

FaultRecord fault_of(const Sale& sale, std::string fault, std::string task) {
    FaultRecord record;
    record.time = sale.call.now;
    record.fault = std::move(fault);
    record.endpoint = sale.route.path;
    record.task = std::move(task);
    record.sha256 = sale.sha256;
    return record;
}

/// The code that the task will fail with; 0 when it will succeed.
int choose_failure(World& world, const Sale& sale, const std::string& task_id) {
    if (!sale.markers.fail && !world.strikes(Fault::fail_task)) return 0;
    world.note(fault_of(sale, "fail-task", task_id));
    return sale.markers.fail.value_or(1027);
}

}  // namespace

Problem check_video(const json::object& body) {
    const auto model = text_field(body, "model");
    const bool pictured = body.contains("first_frame_image") || body.contains("last_frame_image") ||
                          body.contains("subject_reference");
    FieldCheck check(body);
    check.need_family("model", {"MiniMax-Hailuo", "T2V-01", "I2V-01", "S2V-01", "video-01"});
    if (pictured) {
        check.may_text("prompt", 2000);
    } else {
        check.need_text("prompt", 2000);
    }
    const bool needs_first = model == "MiniMax-Hailuo-2.3-Fast" || model.starts_with("I2V-01");
    return check.may_text("first_frame_image", 40U << 20U)
        .may_text("last_frame_image", 40U << 20U)
        .require(!needs_first || body.contains("first_frame_image"),
                 "this model needs first_frame_image")
        .require(!model.starts_with("S2V-01") || body.contains("subject_reference"),
                 "this model needs subject_reference")
        .may_word("resolution", {"512P", "720P", "768P", "1080P"})
        .may_whole("duration", 6, 10)
        .require(whole_field(body, "duration", 6) == 6 || whole_field(body, "duration", 6) == 10,
                 "duration is 6 or 10")
        .require(size_fits(body), "this model does not offer that resolution and duration")
        .may_flag("prompt_optimizer")
        .may_flag("fast_pretreatment")
        .problem();
}

Sold make_video(World& world, const Sale& sale) {
    constexpr std::uint64_t first_task = 100'000'000'000'000;
    Sold sold;
    const auto number = first_task + world.next_number();
    sold.task = std::to_string(number);
    sold.work = world.work_time(sale.markers);

    VideoTask task;
    task.account = sale.call.account;
    task.created = sale.call.now;
    task.finishes = sale.call.now + sold.work;
    task.odd_words = sale.markers.unknown_state;
    task.fail_code = choose_failure(world, sale, sold.task);
    if (task.fail_code == 0) {
        auto& item = produce(world, sale, MediaKind::mp4);
        item.task = sold.task;
        task.file_id = item.file_id;
        sold.artifacts.push_back(item.made);
    } else {
        sold.outcome = "failed:" + std::to_string(task.fail_code);
    }
    world.tasks.emplace(sold.task, std::move(task));

    json::object answer;
    if (world.strikes(Fault::number_ids)) {
        world.note(fault_of(sale, "number-ids", sold.task));
        answer.emplace("task_id", number);
    } else {
        answer.emplace("task_id", sold.task);
    }
    sold.reply = answer_ok(std::move(answer));
    return sold;
}

}  // namespace genspool::simulator
