#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "proto/minimax/check.hpp"

namespace genspool::proto::minimax {

/// What a field that takes a file will take inside a request.
struct MediaRule {
    std::string_view family;                  ///< "image", "video", "audio"
    std::span<const std::string_view> types;  ///< of a data URI: "jpeg", "png", …
    std::uint64_t bytes_max = 0;              ///< of its content; must be fewer
    bool uploaded = false;                    ///< mm_file://ID of an uploaded file as well
};

/// The pictures of a video: its first or last frame, or its subject.
extern const MediaRule frame_image;

/// Checks a file handed over inside a request: an http(s) URL, or a data URI.
void check_media(Checker& request, std::string_view name, const MediaRule& rule);
/// The same for a list of them.
void check_media_list(Checker& request, std::string_view name, Length count, const MediaRule& rule);

}  // namespace genspool::proto::minimax
