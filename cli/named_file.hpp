#pragma once

#include <string>

#include "cli/console.hpp"

namespace genspool::cli {

/// All of the file that `option` names; "-" is standard input. Throws CommandFailed where it cannot
/// be read.
std::string read_named(const Console& console, const std::string& option, const std::string& name);

}  // namespace genspool::cli
