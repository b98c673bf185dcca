#include "proto/minimax/video_v1_request.hpp"

#include <algorithm>
#include <array>

#include "proto/checker.hpp"
#include "proto/minimax/media_input.hpp"
#include "proto/upstream_request.hpp"

namespace genspool::proto::minimax {
namespace {

// What a video is made from: the mode of a request follows from the fields that are there.
constexpr unsigned text = 1;
constexpr unsigned first_frame = 2;
constexpr unsigned last_frame = 4;  ///< with or without a first one
constexpr unsigned subject = 8;

/// What a model makes a video from, and whether its length and size can be chosen.
struct Model {
    std::string_view name;
    unsigned from;
    bool fixed;  ///< always 6 s at 720P; refuses duration, resolution and fast_pretreatment
};

constexpr std::array models{
    Model{"MiniMax-Hailuo-2.3", text | first_frame, false},
    Model{"MiniMax-Hailuo-2.3-Fast", first_frame, false},
    Model{"MiniMax-Hailuo-02", text | first_frame | last_frame, false},
    Model{"T2V-01-Director", text, true},
    Model{"T2V-01", text, true},
    Model{"I2V-01-Director", first_frame, true},
    Model{"I2V-01-live", first_frame, true},
    Model{"I2V-01", first_frame, true},
    Model{"S2V-01", subject, true},
};

/// One thing a model can make.
struct Size {
    std::string_view model;
    std::string_view resolution;
    int duration;
    unsigned from = text | first_frame | last_frame;
};

constexpr std::array sizes{
    Size{"MiniMax-Hailuo-2.3", "768P", 6},
    Size{"MiniMax-Hailuo-2.3", "768P", 10},
    Size{"MiniMax-Hailuo-2.3", "1080P", 6},
    Size{"MiniMax-Hailuo-2.3-Fast", "768P", 6},
    Size{"MiniMax-Hailuo-2.3-Fast", "768P", 10},
    Size{"MiniMax-Hailuo-2.3-Fast", "1080P", 6},
    Size{"MiniMax-Hailuo-02", "512P", 6, first_frame},
    Size{"MiniMax-Hailuo-02", "512P", 10, first_frame},
    Size{"MiniMax-Hailuo-02", "768P", 6},
    Size{"MiniMax-Hailuo-02", "768P", 10},
    Size{"MiniMax-Hailuo-02", "1080P", 6},
};

/// The fields of the modes, in the order in which they decide.
struct Mode {
    unsigned from;
    std::string_view field;
};
constexpr std::array modes{Mode{subject, "subject_reference"}, Mode{last_frame, "last_frame_image"},
                           Mode{first_frame, "first_frame_image"}, Mode{text, "prompt"}};

const Mode& mode_of(const Checker& request) {
    return *std::find_if(modes.begin(), modes.end() - 1,
                         [&](const Mode& mode) { return request.has(mode.field); });
}

const Model* find_model(std::string_view name) {
    const auto* model =
        std::find_if(models.begin(), models.end(), [&](const Model& m) { return m.name == name; });
    return model != models.end() ? model : nullptr;
}

void check_subject(Checker& request) {
    for (Checker& reference : request.objects("subject_reference", {1, 1})) {
        reference.required("type");
        reference.check_word("type", {"character"});
        reference.required("image");
        check_media_list(reference, "image", {1, 1}, frame_image);
    }
}

void check_fields(Checker& request) {
    request.required("model");
    request.check_text("model", {1, 200});
    request.check_text("prompt", {0, 2000});
    request.check_bool("prompt_optimizer");
    request.check_bool("fast_pretreatment");
    request.check_bool("aigc_watermark");
    request.check_integer_in("duration", {6, 10});
    request.check_word("resolution", {"512P", "720P", "768P", "1080P"});
    for (const std::string_view field : {"first_frame_image", "last_frame_image"})
        check_media(request, field, frame_image);
    check_subject(request);
    const Mode& mode = mode_of(request);
    if (mode.from == text && request.text("prompt").empty()) {
        request.refuse("missing", "prompt", "request.prompt is required without an image");
    }
    const bool framed = request.has("first_frame_image") || request.has("last_frame_image");
    if (mode.from == subject && framed) {
        request.refuse("invalid", mode.field,
                       "request.subject_reference does not go together with frames");
    }
}

void check_source(Checker& request, const Model& model) {
    const Mode& mode = mode_of(request);
    if ((model.from & mode.from) != 0) return;
    const std::string name{model.name};
    if (mode.from == text) {
        const auto* wanted = std::find_if(modes.begin(), modes.end(), [&](const Mode& other) {
            return (model.from & other.from) != 0;
        });
        request.refuse("missing", wanted->field,
                       request.path_of(wanted->field) + " is required by " + name);
    } else {
        request.refuse("invalid", mode.field,
                       request.path_of(mode.field) + " is not taken by " + name);
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
    const unsigned from = mode_of(request).from;
    std::string offered;
    for (const Size& size : sizes) {
        if (size.model != model.name || (size.from & from) == 0) continue;
        if (size.resolution == resolution && size.duration == duration) return;
        offered += (offered.empty() ? "" : ", ") + std::string{size.resolution} + " for " +
                   std::to_string(size.duration) + " s";
    }
    request.refuse("invalid", request.has("resolution") ? "resolution" : "duration",
                   name + " does not make " + std::string{resolution} + " for " +
                       std::to_string(duration) + " s from this request; it makes " + offered);
}

}  // namespace

Result<Checked> check_video_v1(const boost::json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    check_fields(checker);
    const std::string_view name = checker.text("model");
    const Model* model = find_model(name);
    if (model != nullptr) check_source(checker, *model);
    if (model != nullptr) check_size(checker, *model);
    if (findings.refused) return *findings.refused;

    const bool fixed = model != nullptr && model->fixed;
    Checked checked;
    checked.model = name;
    checked.price_key = "minimax.video_v1/" + checked.model + "/" +
                        std::string{checker.text("resolution", fixed ? "720P" : "768P")} + "/" +
                        std::to_string(checker.integer("duration", 6));
    checked.files = std::move(findings.files);
    checked.names = std::move(findings.names);
    return checked;
}

}  // namespace genspool::proto::minimax
