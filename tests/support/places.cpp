#include "tests/support/places.hpp"

namespace genspool::tests {

std::string program(std::string_view name) {
    return std::string(GENSPOOL_BIN_DIR "/").append(name);
}

std::string source_path(std::string_view relative) {
    return std::string(GENSPOOL_SOURCE_DIR "/").append(relative);
}

}  // namespace genspool::tests
