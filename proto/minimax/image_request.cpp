#include "proto/minimax/image_request.hpp"

#include <algorithm>
#include <array>

#include "proto/checker.hpp"
#include "proto/minimax/media_input.hpp"
#include "proto/upstream_request.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> subject_types{"jpeg", "jpg", "png"};
constexpr FileRule subject_image{"image", subject_types, 10U << 20U};

void check_fields(Checker& request) {
    request.required("model");
    request.check_text("model", {1, 200});
    request.required("prompt");
    request.check_text("prompt", {1, 1500});
    request.check_word("aspect_ratio", {"1:1", "16:9", "4:3", "3:2", "2:3", "3:4", "9:16", "21:9"});
    request.never_null("response_format");
    request.check_word("response_format", {"url", "base64"});
    request.check_integer("n", 1, 9);
    request.check_integer("seed", INT64_MIN, INT64_MAX);
    request.check_bool("prompt_optimizer");
    request.check_bool("aigc_watermark");
    for (Checker& subject : request.objects("subject_reference", {1, 1})) {
        subject.required("type");
        subject.check_word("type", {"character"});
        subject.required("image_file");
        check_media(subject, "image_file", subject_image);
    }
}

void check_size(Checker& request) {
    for (const std::string_view field : {"width", "height"}) {
        request.check_integer(field, 512, 2048);
        if (request.integer(field, 512) % 8 != 0) {
            request.refuse("invalid", field, request.path_of(field) + " must be a multiple of 8");
        }
    }
    if (request.has("width") != request.has("height")) {
        const std::string_view absent = request.has("width") ? "height" : "width";
        request.refuse("missing", absent, "request.width and request.height go together");
    }
}

void check_style(Checker& request) {
    auto style = request.object("style");
    if (!style) return;
    style->required("style_type");
    style->check_word("style_type", {"漫画", "元气", "中世纪", "水彩"});
    style->check_number("style_weight", {0, 1, true});
}

void check_model(Checker& request) {
    const std::string model{request.text("model")};
    const auto refuse = [&](std::string_view field, const char* what) {
        request.refuse("invalid", field, request.path_of(field) + what + model);
    };
    if (model == "image-01" && request.has("style")) refuse("style", " is not known to ");
    if (model != "image-01-live") return;
    if (request.text("aspect_ratio") == "21:9") refuse("aspect_ratio", " 21:9 is not offered by ");
    for (const std::string_view field : {"width", "height"}) {
        if (request.has(field)) refuse(field, " is not known to ");
    }
}

}  // namespace

Result<Checked> check_image_request(const json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    check_fields(checker);
    check_size(checker);
    check_style(checker);
    check_model(checker);
    if (findings.refused) return *findings.refused;
    Checked checked;
    checked.model = checker.text("model");
    checked.price_key = "minimax.image/" + checked.model;
    checked.artifacts = image_count(request);
    checked.quantity = checked.artifacts;
    checked.files = std::move(findings.files);
    checked.names = std::move(findings.names);
    return checked;
}

std::uint32_t image_count(const json::object& request) {
    Findings findings;
    const Checker checker{request, "request", findings};
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(checker.integer("n", 1), 1, 9));
}

}  // namespace genspool::proto::minimax
