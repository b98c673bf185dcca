#include "proto/thing.hpp"

#include <algorithm>
#include <array>

namespace genspool::proto {

std::string_view to_string(Thing::Kind kind) {
    constexpr std::array<std::string_view, 5> words = {"", "task", "file", "feature", "voice"};
    return words.at(static_cast<std::size_t>(kind));
}

bool binds(const std::vector<NamedThing>& names) {
    return std::ranges::any_of(
        names, [](const NamedThing& named) { return named.thing.kind != Thing::Kind::voice; });
}

}  // namespace genspool::proto
