#include "proto/minimax/video_v1_request.hpp"

#include <algorithm>
#include <array>

#include "proto/minimax/check.hpp"
#include "proto/minimax/media_input.hpp"
#include "proto/minimax/request.hpp"

namespace genspool::proto::minimax {
namespace {

constexpr std::uint64_t frame_bytes_max = 20U << 20U;

/// What a model makes a video from, and whether its length and size can be chosen.
struct Model {
    std::string_view name;
    bool from_text;
    bool from_image;
    bool fixed;  ///< always 6 s at 720P; refuses duration, resolution and fast_pretreatment
};

constexpr std::array models{
    Model{"MiniMax-Hailuo-2.3", true, true, false},
    Model{"MiniMax-Hailuo-2.3-Fast", false, true, false},
    Model{"MiniMax-Hailuo-02", true, true, false},
    Model{"T2V-01-Director", true, false, true},
    Model{"T2V-01", true, false, true},
    Model{"I2V-01-Director", false, true, true},
    Model{"I2V-01-live", false, true, true},
    Model{"I2V-01", false, true, true},
};

/// One thing a model can make.
struct Size {
    std::string_view model;
    std::string_view resolution;
    int duration;
    bool only_from_image = false;
};

constexpr std::array sizes{
    Size{"MiniMax-Hailuo-2.3", "768P", 6},       Size{"MiniMax-Hailuo-2.3", "768P", 10},
    Size{"MiniMax-Hailuo-2.3", "1080P", 6},      Size{"MiniMax-Hailuo-2.3-Fast", "768P", 6},
    Size{"MiniMax-Hailuo-2.3-Fast", "768P", 10}, Size{"MiniMax-Hailuo-2.3-Fast", "1080P", 6},
    Size{"MiniMax-Hailuo-02", "512P", 6, true},  Size{"MiniMax-Hailuo-02", "512P", 10, true},
    Size{"MiniMax-Hailuo-02", "768P", 6},        Size{"MiniMax-Hailuo-02", "768P", 10},
    Size{"MiniMax-Hailuo-02", "1080P", 6},
};

const Model* find_model(std::string_view name) {
    const auto* model =
        std::find_if(models.begin(), models.end(), [&](const Model& m) { return m.name == name; });
    return model != models.end() ? model : nullptr;
}

void check_fields(Checker& request) {
    request.required("model");
    request.check_text("model", {1, 200});
    request.not_available("last_frame_image", "(first and last frame) is not available yet");
    request.not_available("subject_reference", "(subject to video) is not available yet");
    request.check_text("prompt", {0, 2000});
    request.check_bool("prompt_optimizer");
    request.check_bool("fast_pretreatment");
    request.check_bool("aigc_watermark");
    request.check_integer_in("duration", {6, 10});
    request.check_word("resolution", {"512P", "720P", "768P", "1080P"});
    check_image(request, "first_frame_image", {"jpeg", "jpg", "png", "webp"}, frame_bytes_max);
    if (!request.has("first_frame_image") && request.text("prompt").empty()) {
        request.refuse("missing", "prompt",
                       "request.prompt is required without a first_frame_image");
    }
}

void check_source(Checker& request, const Model& model) {
    const std::string name{model.name};
    if (!model.from_text && !request.has("first_frame_image")) {
        request.refuse("missing", "first_frame_image",
                       "request.first_frame_image is required by " + name);
    }
    if (!model.from_image && request.has("first_frame_image")) {
        request.refuse(
            "invalid", "first_frame_image",
            "request.first_frame_image is not taken by " + name + ", which works from text");
    }
}

void check_size(Checker& request, const Model& model) {
    const std::string name{model.name};
    if (model.fixed) {
        for (const std::string_view field : {"duration", "resolution", "fast_pretreatment"}) {
            if (!request.has(field)) continue;
            request.refuse("invalid", field,
                           request.path_of(field) + " is refused by " + name +
                               ", which always makes 6 s at 720P");
        }
        return;
    }
    const std::string_view resolution = request.text("resolution", "768P");
    const std::int64_t duration = request.integer("duration", 6);
    std::string offered;
    for (const Size& size : sizes) {
        if (size.model != model.name) continue;
        const bool possible = !size.only_from_image || request.has("first_frame_image");
        if (possible && size.resolution == resolution && size.duration == duration) return;
        if (!possible) continue;
        offered += (offered.empty() ? "" : ", ") + std::string{size.resolution} + " for " +
                   std::to_string(size.duration) + " s";
    }
    request.refuse("invalid", request.has("resolution") ? "resolution" : "duration",
                   name + " does not make " + std::string{resolution} + " for " +
                       std::to_string(duration) + " s from this request; it makes " + offered);
}

}  // namespace

Result<Checked> check_video_v1(const boost::json::object& request) {
    std::optional<Refused> verdict;
    Checker checker{request, "request", verdict};
    check_whole(request, verdict);
    check_fields(checker);
    const std::string_view name = checker.text("model");
    if (name.starts_with("MiniMax-H3") || name.starts_with("S2V-01")) {
        checker.refuse("not_available", "model", std::string{name} + " is not available yet");
    }
    const Model* model = find_model(name);
    if (model != nullptr) check_source(checker, *model);
    if (model != nullptr) check_size(checker, *model);
    if (verdict) return *verdict;

    const bool fixed = model != nullptr && model->fixed;
    Checked checked;
    checked.model = name;
    checked.price_key = "minimax.video_v1/" + checked.model + "/" +
                        std::string{checker.text("resolution", fixed ? "720P" : "768P")} + "/" +
                        std::to_string(checker.integer("duration", 6));
    return checked;
}

}  // namespace genspool::proto::minimax
