#include "proto/useapi/video_request.hpp"

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>

#include "proto/checker.hpp"
#include "proto/useapi/files.hpp"
#include "proto/useapi/owned_fields.hpp"
#include "proto/useapi/purchases.hpp"

namespace genspool::proto::useapi {
namespace {

namespace json = boost::json;

/// What a video may be made from.
constexpr unsigned text = 1;
constexpr unsigned picture = 2;
constexpr unsigned last_frame = 4;
constexpr unsigned media = 8;  ///< films and sounds too

constexpr std::array<std::string_view, 5> sizes_02{"512p-6sec", "512p-10sec", "768p-6sec",
                                                   "768p-10sec", "1080p-6sec"};
constexpr std::array<std::string_view, 3> sizes_23{"768p-6sec", "768p-10sec", "1080p-6sec"};
constexpr std::array<std::string_view, 3> sizes_sora{"720p-4sec", "720p-8sec", "720p-12sec"};
constexpr std::array<std::string_view, 3> sizes_veo{"veo-720p-8sec", "veo-1080p-8sec",
                                                    "veo-4k-8sec"};
constexpr std::array<std::string_view, 2> shapes_two{"16:9", "9:16"};
constexpr std::array<std::string_view, 7> shapes_seedance{"Auto", "21:9", "16:9", "4:3",
                                                          "1:1",  "3:4",  "9:16"};

struct Model {
    std::string_view name;
    unsigned from = 0;
    std::span<const std::string_view> options{};  ///< none: it takes none
    std::span<const std::string_view> shapes{};   ///< none: it is not known which
    std::size_t pictures = 1;
};

constexpr std::array models{
    Model{"T2V-01", text},
    Model{"T2V-01-Director", text},
    Model{"I2V-01", picture},
    Model{"I2V-01-live", picture},
    Model{"I2V-01-Director", picture},
    Model{"S2V-01", picture},
    Model{"02", text | picture | last_frame, sizes_02},
    Model{"T2V-2.3", text, sizes_23},
    Model{"I2V-2.3", picture, sizes_23},
    Model{"I2V-2.3-Fast", picture, sizes_23},
    Model{"Sora-2", text | picture, sizes_sora, shapes_two},
    Model{"Veo-3.1", text | picture | last_frame, sizes_veo, shapes_two},
    Model{"Veo-3.1-Fast", text | picture | last_frame, sizes_veo, shapes_two},
    Model{"Veo-3.1-S2V", picture, sizes_veo, shapes_two, 14},
    Model{"Veo-3.1-S2V-Fast", picture, sizes_veo, shapes_two, 14},
    Model{"Seedance-2.0", text | picture | last_frame | media, {}, shapes_seedance, 9},
    Model{"Seedance-2.0-Fast", text | picture | last_frame | media, {}, shapes_seedance, 9},
    Model{"Seedance-2.0-Mini", text | picture | last_frame | media, {}, shapes_seedance, 9},
};

/// What an unknown model may take: all that any does.
constexpr Model unknown_model{"", text | picture | last_frame | media, {}, {}, 14};

const Model& model_of(std::string_view name) {
    const auto* const model = std::ranges::find(models, name, &Model::name);
    return model != models.end() ? *model : unknown_model;
}

bool is_known(const Model& model) {
    return !model.name.empty();
}

bool is_seedance(const Model& model) {
    return model.name.starts_with("Seedance");
}

/// What the files of a request are.
struct Files {
    std::size_t pictures = 0;
    std::size_t others = 0;  ///< films and sounds
    bool last_frame = false;

    bool any() const { return pictures + others > 0 || last_frame; }
};

Files check_files(Checker& request, const Model& model) {
    Files files;
    files.pictures = check_file_row(request, "fileID", "fileID", model.pictures, picture_file);
    check_file(request, "end_frame_fileID", picture_file);
    files.last_frame = request.has("end_frame_fileID");
    const std::size_t others = (model.from & media) != 0 ? 3 : 0;
    files.others = check_file_row(request, "videoFileID", "", others, film_file) +
                   check_file_row(request, "audioFileID", "", others, sound_file);
    return files;
}

void check_source(Checker& request, const Model& model, const Files& files) {
    const std::string name{model.name};
    if (!files.any() && request.text("prompt").empty())
        request.refuse("missing", "prompt", "request.prompt is required without a picture");
    if ((model.from & text) == 0 && files.pictures == 0)
        request.refuse("missing", "fileID", "request.fileID is required by " + name);
    if ((model.from & picture) == 0 && files.pictures > 0)
        request.refuse("invalid", "fileID", "request.fileID is not taken by " + name);
    if (!files.last_frame) return;
    if ((model.from & last_frame) == 0)
        request.refuse("invalid", "end_frame_fileID",
                       "request.end_frame_fileID is not taken by " + name);
    if (model.name == "02" && request.text("options").starts_with("512p"))
        request.refuse("invalid", "end_frame_fileID",
                       "request.end_frame_fileID goes with 768p and 1080p only");
    if (files.others > 0)
        request.refuse("invalid", "end_frame_fileID",
                       "request.end_frame_fileID does not go together with films and sounds");
}

/// Where a video begins it cannot end.
void check_frames_differ(Checker& checker, const json::object& request) {
    const json::value* const first = request.if_contains("fileID");
    const json::value* const last = request.if_contains("end_frame_fileID");
    if (first == nullptr || last == nullptr || first->is_null() || *first != *last) return;
    checker.refuse("invalid", "end_frame_fileID",
                   "request.end_frame_fileID must be another file than request.fileID");
}

void check_size(Checker& request, const Model& model) {
    if (!is_known(model)) return;
    const std::string name{model.name};
    const auto not_taken = [&](std::string_view field, const std::string& instead) {
        if (request.has(field))
            request.refuse("invalid", field,
                           request.path_of(field) + " is not taken by " + name + instead);
    };
    if (!is_seedance(model)) {
        const std::string instead = model.options.empty() ? "" : "; it has request.options";
        not_taken("resolution", instead);
        not_taken("duration", instead);
    }
    if (model.options.empty()) {
        not_taken("options", is_seedance(model) ? "; it has resolution and duration" : "");
    } else {
        request.check_word("options", model.options);
    }
    if (!model.shapes.empty()) request.check_word("aspectRatio", model.shapes);
    const std::string_view resolution = request.text("resolution");
    const bool large = resolution == "1080" || resolution == "4K";
    if (large && is_seedance(model) && model.name != "Seedance-2.0")
        request.refuse(
            "invalid", "resolution",
            "request.resolution " + std::string(resolution) + " is offered by Seedance-2.0 only");
}

void check_fields(Checker& request, const Model& model) {
    refuse_owned_fields(request);
    request.check_text("model", {1, 200});
    const bool long_prompt = is_seedance(model) || !is_known(model);
    request.check_text("prompt", {0, long_prompt ? std::size_t{7500} : std::size_t{2000}});
    request.check_bool("promptOptimization");
    request.check_text("options", {1, 200});
    request.check_text("aspectRatio", {1, 200});
    if (is_known(model)) {
        request.check_word("resolution", {"480", "720", "1080", "4K"});
        request.check_integer("duration", 4, 15);
    }
}

std::string price_key(const Checker& request, const Model& model, std::string_view name) {
    std::string key = "useapi.video/" + std::string(name);
    if (is_seedance(model))
        return key.append("/")
            .append(request.text("resolution", "720"))
            .append("/")
            .append(std::to_string(request.integer("duration", 5)));
    const std::string_view options = request.text("options");
    return options.empty() ? key : key.append("/").append(options);
}

}  // namespace

Result<Checked> check_video_request(const json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    const std::string_view otherwise = checker.has("fileID") ? "I2V-01" : "T2V-01";
    const std::string_view name = checker.text("model", otherwise);
    const Model& model = model_of(name);
    check_fields(checker, model);
    const Files files = check_files(checker, model);
    check_source(checker, model, files);
    check_frames_differ(checker, request);
    check_size(checker, model);
    if (findings.refused) return *findings.refused;

    Checked checked;
    checked.model = name;
    checked.price_key = price_key(checker, model, name);
    checked.files = std::move(findings.files);
    checked.names = std::move(findings.names);
    checked.listed_as = shown_as("useapi.video", checker.text("prompt"));
    return checked;
}

}  // namespace genspool::proto::useapi
