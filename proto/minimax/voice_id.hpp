#pragma once

#include <string_view>

#include "proto/checker.hpp"

namespace genspool::proto::minimax {

/// Checks an id that the user chooses for a voice: 8 to 256 letters, digits, "-" and "_", a letter
/// first, and neither "-" nor "_" last.
void check_voice_id(Checker& request, std::string_view name);

}  // namespace genspool::proto::minimax
