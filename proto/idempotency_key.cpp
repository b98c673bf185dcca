#include "proto/idempotency_key.hpp"

#include <algorithm>
#include <cstddef>

namespace genspool::proto {

bool is_idempotency_key(std::string_view text) {
    constexpr std::size_t bytes_max = 255;
    const auto printable = [](char c) { return c >= ' ' && c < '\x7f'; };
    return text.size() <= bytes_max && std::ranges::all_of(text, printable);
}

}  // namespace genspool::proto
