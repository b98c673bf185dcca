#include "proto/minimax/video_v2_request.hpp"

#include <algorithm>
#include <array>

#include "proto/checker.hpp"
#include "proto/minimax/media_input.hpp"
#include "proto/upstream_request.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 6> image_types{"jpeg", "jpg", "png", "webp", "heic", "heif"};
constexpr std::array<std::string_view, 3> video_types{"mp4", "mov", "quicktime"};
constexpr std::array<std::string_view, 4> audio_types{"wav", "x-wav", "mp3", "mpeg"};

/// A kind of file among the content, and how many of it there may be.
struct Media {
    std::string_view type;  ///< of the item, and the name of its member
    std::string_view roles[4];
    FileRule rule;
};

/// All are uploaded: the body has room for 64 MB, and base64 makes them a third larger.
constexpr FileRule uploaded_input(std::string_view family, std::span<const std::string_view> types,
                                  std::uint64_t bytes_max) {
    return {family,       types, bytes_max, FileRule::Form::handle, "video_generation_input",
            upload_scheme};
}

constexpr std::array media_kinds{
    Media{"image_url",
          {"first_frame", "last_frame", "reference_image"},
          uploaded_input("image", image_types, 30U << 20U)},
    Media{"video_url",
          {"reference_video", "base_video"},
          uploaded_input("video", video_types, 50U << 20U)},
    Media{"audio_url", {"reference_audio"}, uploaded_input("audio", audio_types, 15U << 20U)},
};

/// What the content holds, counted.
struct Content {
    std::size_t texts = 0;
    std::size_t first_frames = 0;
    std::size_t last_frames = 0;
    std::size_t reference_images = 0;
    std::size_t reference_videos = 0;
    std::size_t reference_audios = 0;
    std::size_t base_videos = 0;

    std::size_t images() const { return first_frames + last_frames + reference_images; }
    bool framed() const { return first_frames + last_frames > 0; }
    bool referenced() const { return reference_images + reference_videos + reference_audios > 0; }
    bool only_text() const { return !framed() && !referenced() && base_videos == 0; }

    std::size_t* of_role(std::string_view role) {
        if (role == "first_frame") return &first_frames;
        if (role == "last_frame") return &last_frames;
        if (role == "reference_image") return &reference_images;
        if (role == "reference_video") return &reference_videos;
        if (role == "reference_audio") return &reference_audios;
        return role == "base_video" ? &base_videos : nullptr;
    }
};

/// Of a file without a role: a lone picture is the first frame.
std::string_view default_role(const Media& media) {
    if (media.type == "image_url") return "first_frame";
    return media.type == "video_url" ? "reference_video" : "reference_audio";
}

void check_media_item(Checker& item, const Media& media, Content& content) {
    item.required(media.type);
    if (auto file = item.object(media.type)) {
        file->required("url");
        check_media(*file, "url", media.rule);
    }
    item.check_text("role", {1, 100});
    const std::string_view role = item.text("role", default_role(media));
    const bool known =
        std::find(std::begin(media.roles), std::end(media.roles), role) != std::end(media.roles);
    std::size_t* const count = known ? content.of_role(role) : nullptr;
    if (count == nullptr) {
        item.refuse("invalid", "role",
                    item.path_of("role") + " " + std::string{role} + " is none of a " +
                        std::string{media.type});
        return;
    }
    ++*count;
}

Content check_content(Checker& request, bool larger) {
    constexpr std::size_t text_max = 7'000;
    constexpr std::size_t text_of_larger_max = 40'000;
    Content content;
    for (Checker& item : request.objects("content", {1, 20})) {
        item.required("type");
        item.check_word("type", {"text", "image_url", "video_url", "audio_url"});
        const std::string_view type = item.text("type");
        if (type == "text") {
            item.required("text");
            item.check_text("text", {1, larger ? text_of_larger_max : text_max});
            ++content.texts;
        }
        const auto* media = std::find_if(media_kinds.begin(), media_kinds.end(),
                                         [&](const Media& each) { return each.type == type; });
        if (media != media_kinds.end()) check_media_item(item, *media, content);
    }
    return content;
}

void check_counts(Checker& request, const Content& content) {
    const auto refuse = [&](bool wrong, const char* why) {
        if (wrong) request.refuse("invalid", "content", "request.content " + std::string{why});
    };
    refuse(content.texts != 1, "must hold exactly one text");
    refuse(content.first_frames > 1, "may hold one first_frame only");
    refuse(content.last_frames > 1, "may hold one last_frame only");
    refuse(content.reference_images > 9, "may hold at most 9 reference_image");
    refuse(content.reference_videos > 3, "may hold at most 3 reference_video");
    refuse(content.reference_audios > 3, "may hold at most 3 reference_audio");
    refuse(content.framed() && content.referenced(), "cannot hold both frames and references");
    const bool lonely =
        content.reference_audios > 0 && content.reference_images + content.reference_videos == 0;
    refuse(lonely, "cannot hold a reference_audio without a picture or a video");
}

void check_ratio(Checker& request) {
    request.check_word("ratio", {"adaptive", "21:9", "16:9", "4:3", "1:1", "3:4", "9:16"});
}

void check_size(Checker& request, const Content& content) {
    const std::string_view model = request.text("model");
    request.required("resolution");
    request.required("duration");
    if (model == "MiniMax-H3") {
        request.check_word("resolution", {"768P", "2K"});
        request.check_integer("duration", 4, 15);
    } else if (model == "MiniMax-H3-Max") {
        request.check_word("resolution", {"480P", "768P"});
        request.check_integer("duration", 5, 15);
    }
    request.check_text("resolution", {1, 20});
    request.check_integer("duration", 1, 60);
    check_ratio(request);
    if (!content.only_text()) return;
    if (!request.has("ratio"))
        request.refuse("missing", "ratio", "request.ratio is required for a video from text alone");
    if (request.text("ratio") == "adaptive")
        request.refuse("invalid", "ratio",
                       "request.ratio cannot be adaptive for a video from text alone");
}

void check_extra(Checker& request) {
    auto extra = request.object("extra");
    if (!extra) return;
    if (request.text("model") == "MiniMax-H3")
        request.refuse("invalid", "extra", "request.extra is not known to MiniMax-H3");
    extra->check_word("prompt_expansion_mode", {"disabled", "balanced", "quality"});
}

/// The clip's own task, or the clip itself with what it was made from.
void check_larger(Checker& request, const Content& content) {
    request.required("resolution");
    request.check_word("resolution", {"2K"});
    request.check_text("source_task_id", {1, 256});
    request.note_thing("source_task_id", Thing::Kind::task, request.text("source_task_id"));
    if (request.has("source_task_id") == request.has("content")) {
        request.refuse("invalid", "source_task_id",
                       "exactly one of request.source_task_id and request.content is taken");
    }
    if (request.has("content") && content.base_videos != 1)
        request.refuse("invalid", "content", "request.content must hold exactly one base_video");
}

/// What is charged for beside the seconds, which only the upstream measures; empty: nothing.
std::string_view surcharge(const Content& content, bool larger) {
    constexpr std::size_t free_images = 5;
    if (larger) return "/regeneration";
    if (content.reference_videos > 0) return "/from_video";
    if (content.images() > free_images) return "/from_many_images";
    return {};
}

}  // namespace

bool is_regeneration(const json::object& request) {
    if (request.contains("source_task_id")) return true;
    const json::value* content = request.if_contains("content");
    const json::array* items = content != nullptr ? content->if_array() : nullptr;
    if (items == nullptr) return false;
    return std::any_of(items->begin(), items->end(), [](const json::value& item) {
        const json::object* fields = item.if_object();
        const json::value* role = fields != nullptr ? fields->if_contains("role") : nullptr;
        return role != nullptr && *role == "base_video";
    });
}

std::string listed_as(std::string_view task_type, std::string_view model,
                      std::string_view resolution, std::int64_t duration) {
    std::string shown = std::string(task_type) + "/";
    shown.append(model).append("/").append(resolution);
    // How long a clip is that is made larger, no request says.
    if (task_type == "generation") shown += "/" + std::to_string(duration);
    return shown;
}

Result<Checked> check_video_v2(const json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    const bool larger = is_regeneration(request);
    checker.required("model");
    checker.check_text("model", {1, 200});
    checker.check_bool("aigc_watermark");
    if (!larger) checker.required("content");
    const Content content = check_content(checker, larger);
    if (checker.has("content")) check_counts(checker, content);
    if (larger) {
        check_larger(checker, content);
    } else {
        check_size(checker, content);
        check_extra(checker);
    }
    if (findings.refused) return *findings.refused;
    Checked checked;
    checked.model = checker.text("model");
    const std::string_view more = surcharge(content, larger);
    checked.price_key = "minimax.video_v2/" + checked.model + "/" +
                        std::string{checker.text("resolution")} + std::string{more};
    checked.unmeasured = !more.empty();
    checked.quantity = checker.integer("duration", 1);
    checked.timed_as = checked.price_key + "/" + std::to_string(checked.quantity);
    checked.files = std::move(findings.files);
    checked.names = std::move(findings.names);
    checked.listed_as = listed_as(larger ? "regeneration" : "generation", checked.model,
                                  checker.text("resolution"), checked.quantity);
    return checked;
}

Result<Checked> check_h3_context_ir(const json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    checker.required("model");
    checker.check_text("model", {1, 200});
    checker.required("content");
    const Content content = check_content(checker, false);
    if (checker.has("content")) check_counts(checker, content);
    checker.check_integer("duration", 4, 15);
    check_ratio(checker);
    if (findings.refused) return *findings.refused;
    Checked checked;
    checked.model = checker.text("model");
    checked.timed_as = "minimax.h3_context_ir/" + checked.model;
    // Charged by tokens, of which nobody knows how many: no price is known beforehand.
    checked.artifacts = 0;
    checked.files = std::move(findings.files);
    checked.names = std::move(findings.names);
    return checked;
}

}  // namespace genspool::proto::minimax
