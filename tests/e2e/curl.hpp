#pragma once

#include <string>
#include <vector>

#include "tests/support/temporary_directory.hpp"

namespace genspool::tests {

/// Runs curl with these arguments to its end; what it printed. It must have got an answer that is
/// no error.
std::string curl(const TemporaryDirectory& directory, std::vector<std::string> arguments);

}  // namespace genspool::tests
