#pragma once

#include <string_view>

#include "proto/checker.hpp"

namespace genspool::proto::minimax {

/// How a request names an uploaded file where it takes a link: mm_file://ID.
inline constexpr std::string_view upload_scheme = "mm_file://";

/// The pictures of a video: its first or last frame, or its subject.
extern const FileRule frame_image;

/// Checks a file handed over inside a request: an http(s) URL, a data URI, the mm_file:// of an
/// uploaded one where the rule has that scheme, or a reference.
void check_media(Checker& request, std::string_view name, const FileRule& rule);
/// The same for a list of them.
void check_media_list(Checker& request, std::string_view name, Length count, const FileRule& rule);

}  // namespace genspool::proto::minimax
