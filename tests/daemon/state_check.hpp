#pragma once

#include <string>

namespace genspool::tests {

/// No daemon works there: everything in the state directory is verified, and each broken promise
/// fails the test.
void check_state_directory(const std::string& directory);

}  // namespace genspool::tests
