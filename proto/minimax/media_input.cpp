#include "proto/minimax/media_input.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "proto/base64.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

constexpr std::array<std::string_view, 4> frame_types{"jpeg", "jpg", "png", "webp"};

std::string known_types(const FileRule& rule) {
    std::string known;
    for (const std::string_view each : rule.types)
        known += (known.empty() ? "" : ", ") + std::string{each};
    return known;
}

/// The number in "mm_file://7"; empty: it is no such thing.
std::string_view upload_in(std::string_view text, const FileRule& rule) {
    const bool named = !rule.scheme.empty() && text.starts_with(rule.scheme);
    return named ? text.substr(rule.scheme.size()) : "";
}

/// What is wrong with it; an empty code: nothing.
Refused fault_of(std::string_view text, const std::string& field, const FileRule& rule) {
    constexpr std::string_view marker = ";base64,";
    const std::string family{rule.family};
    const std::string prefix = "data:" + family + "/";
    const bool by_upload = !rule.scheme.empty();
    if (is_link(text) || !upload_in(text, rule).empty()) return {};
    if (!text.starts_with(prefix)) {
        const std::string also = by_upload ? ", the mm_file:// of an uploaded file" : "";
        return {
            "invalid",
            {},
            field + " must be an http or https URL" + also + ", or a data:" + family + "/… URI"};
    }
    const std::size_t end = text.find(marker);
    const std::string_view type = end == std::string_view::npos
                                      ? std::string_view{}
                                      : text.substr(prefix.size(), end - prefix.size());
    if (std::find(rule.types.begin(), rule.types.end(), type) == rule.types.end()) {
        return {"invalid",
                {},
                field + " must be a " + prefix + "TYPE;base64 URI with TYPE one of " +
                    known_types(rule)};
    }
    const auto bytes = base64_size(text.substr(end + marker.size()));
    if (!bytes || *bytes == 0) return {"invalid", {}, field + " holds no valid base64"};
    if (*bytes >= rule.bytes_max) {
        return {"too_long",
                {},
                field + " holds " + std::to_string(*bytes) + " bytes; they must be fewer than " +
                    std::to_string(rule.bytes_max)};
    }
    return {};
}

/// `name` is where the text stands.
void check_named(Checker& request, const std::string& name, std::string_view text,
                 const FileRule& rule) {
    const Refused fault = fault_of(text, request.path_of(name), rule);
    if (!fault.code.empty()) request.refuse(fault.code, name, fault.message);
    request.note_thing(name, Thing::Kind::file, upload_in(text, rule));
}

}  // namespace

const FileRule frame_image{"image", frame_types, 20U << 20U};

void check_media(Checker& request, std::string_view name, const FileRule& rule) {
    if (!request.has(name) || request.takes_reference(name, rule)) return;
    request.check_text(name, {1});
    check_named(request, std::string{name}, request.text(name), rule);
}

void check_media_list(Checker& request, std::string_view name, Length count, const FileRule& rule) {
    request.check_texts(name, count);
    const std::vector<std::string_view> all = request.texts(name);
    for (std::size_t n = 0; n < all.size(); ++n) {
        if (request.takes_reference(name, n, rule)) continue;
        check_named(request, std::string{name} + "[" + std::to_string(n) + "]", all[n], rule);
    }
}

}  // namespace genspool::proto::minimax
