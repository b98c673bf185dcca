#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace genspool::proto {

/// The lines of a text, without their ends; what stands after the last end is one, if it is
/// anything.
std::vector<std::string> lines_of(std::string_view text);

}  // namespace genspool::proto
