#include "proto/minimax/media_input.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "proto/minimax/base64.hpp"
#include "proto/minimax/sync_codec.hpp"

namespace genspool::proto::minimax {
namespace {

constexpr std::array<std::string_view, 4> frame_types{"jpeg", "jpg", "png", "webp"};
constexpr std::string_view upload_scheme = "mm_file://";

std::string known_types(const MediaRule& rule) {
    std::string known;
    for (const std::string_view each : rule.file.types)
        known += (known.empty() ? "" : ", ") + std::string{each};
    return known;
}

/// What is wrong with it; an empty code: nothing.
Refused fault_of(std::string_view text, const std::string& field, const MediaRule& rule) {
    constexpr std::string_view marker = ";base64,";
    const std::string family{rule.file.family};
    const std::string prefix = "data:" + family + "/";
    const bool upload = text.starts_with(upload_scheme) && text.size() > upload_scheme.size();
    if (is_link(text) || (rule.uploaded && upload)) return {};
    if (!text.starts_with(prefix)) {
        const std::string also = rule.uploaded ? ", the mm_file:// of an uploaded file" : "";
        return {
            "invalid",
            {},
            field + " must be an http or https URL" + also + ", or a data:" + family + "/… URI"};
    }
    const std::size_t end = text.find(marker);
    const std::string_view type = end == std::string_view::npos
                                      ? std::string_view{}
                                      : text.substr(prefix.size(), end - prefix.size());
    if (std::find(rule.file.types.begin(), rule.file.types.end(), type) == rule.file.types.end()) {
        return {"invalid",
                {},
                field + " must be a " + prefix + "TYPE;base64 URI with TYPE one of " +
                    known_types(rule)};
    }
    const auto bytes = base64_size(text.substr(end + marker.size()));
    if (!bytes || *bytes == 0) return {"invalid", {}, field + " holds no valid base64"};
    if (*bytes >= rule.file.bytes_max) {
        return {"too_long",
                {},
                field + " holds " + std::to_string(*bytes) + " bytes; they must be fewer than " +
                    std::to_string(rule.file.bytes_max)};
    }
    return {};
}

}  // namespace

const MediaRule frame_image{{"image", frame_types, 20U << 20U}};

void check_media(Checker& request, std::string_view name, const MediaRule& rule) {
    if (!request.has(name) || request.takes_reference(name, rule.file)) return;
    request.check_text(name, {1});
    const Refused fault = fault_of(request.text(name), request.path_of(name), rule);
    if (!fault.code.empty()) request.refuse(fault.code, name, fault.message);
}

void check_media_list(Checker& request, std::string_view name, Length count,
                      const MediaRule& rule) {
    request.check_texts(name, count);
    const std::vector<std::string_view> all = request.texts(name);
    for (std::size_t n = 0; n < all.size(); ++n) {
        if (request.takes_reference(name, n, rule.file)) continue;
        const std::string item = std::string{name} + "[" + std::to_string(n) + "]";
        const Refused fault = fault_of(all[n], request.path_of(item), rule);
        if (!fault.code.empty()) request.refuse(fault.code, item, fault.message);
    }
}

}  // namespace genspool::proto::minimax
