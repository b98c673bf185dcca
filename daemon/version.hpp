#pragma once

#include <string_view>

namespace genspool::daemon {

/// As in CMakeLists.txt.
inline constexpr std::string_view version = GENSPOOL_VERSION;

}  // namespace genspool::daemon
