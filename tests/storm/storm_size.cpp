#include "tests/storm/storm_size.hpp"

#include <cstdlib>
#include <random>
#include <string_view>

namespace genspool::tests {

std::uint64_t storm_size(std::uint64_t everyday, std::uint64_t soak) {
    const char* const wish = std::getenv("GENSPOOL_SOAK");
    return wish != nullptr && std::string_view(wish) == "1" ? soak : everyday;
}

std::uint64_t storm_seed() {
    const char* const wish = std::getenv("GENSPOOL_SEED");
    return wish != nullptr ? std::strtoull(wish, nullptr, 10) : std::random_device()();
}

}  // namespace genspool::tests
