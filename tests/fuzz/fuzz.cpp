#include "tests/fuzz/fuzz.hpp"

#include <cstdio>
#include <cstdlib>

namespace genspool::fuzz {

void must(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

std::uint8_t Choices::byte() {
    if (input_.empty()) return 0;
    const auto first = static_cast<std::uint8_t>(input_.front());
    input_.remove_prefix(1);
    return first;
}

}  // namespace genspool::fuzz
