#pragma once

#include <string_view>

#include "proto/minimax/check.hpp"

namespace genspool::proto::minimax {

/// What a field that takes a file will take inside a request.
struct MediaRule {
    FileRule file;          ///< as a data URI
    bool uploaded = false;  ///< mm_file://ID of an uploaded file as well
};

/// The pictures of a video: its first or last frame, or its subject.
extern const MediaRule frame_image;

/// Checks a file handed over inside a request: an http(s) URL, a data URI, or a reference.
void check_media(Checker& request, std::string_view name, const MediaRule& rule);
/// The same for a list of them.
void check_media_list(Checker& request, std::string_view name, Length count, const MediaRule& rule);

}  // namespace genspool::proto::minimax
