#pragma once

#include <string_view>

#include "proto/checker.hpp"

/// The song that a cover is made after.
namespace genspool::proto::minimax {

bool is_cover(std::string_view model);

/// Checks `audio_url` and `audio_base64` by themselves: a link, or base64 or a reference.
void check_cover_song(Checker& request);

}  // namespace genspool::proto::minimax
