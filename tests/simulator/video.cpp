#include "tests/simulator/replies.hpp"
#include "tests/simulator/task_sale.hpp"

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
    Sold sold = sell_task(world, sale, TaskFamily::video, MediaKind::mp4);
    sold.reply = answer_ok(task_answer(world, sale, sold));
    return sold;
}

Problem check_video_template(const json::object& body) {
    FieldCheck check(body);
    check.need_text("template_id", 200);
    for (const std::string_view inputs : {"media_inputs", "text_inputs"}) {
        const auto* given = body.if_contains(inputs);
        check.require(given == nullptr || given->is_array(), "the inputs are arrays");
    }
    return check.problem();
}

std::string_view first_text_input(const json::object& body) {
    const auto* given = body.if_contains("text_inputs");
    if (given == nullptr || !given->is_array() || given->get_array().empty()) return {};
    const auto& first = given->get_array().front();
    return first.is_object() ? text_field(first.get_object(), "value") : std::string_view();
}

Sold make_video_template(World& world, const Sale& sale) {
    Sold sold = sell_task(world, sale, TaskFamily::video_template, MediaKind::mp4);
    sold.reply = answer_ok(task_answer(world, sale, sold));
    return sold;
}

}  // namespace genspool::simulator
