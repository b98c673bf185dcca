#include "tests/simulator/byte_range.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace genspool::simulator {
namespace {

std::optional<std::uint64_t> read_position(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

ByteRange read_byte_range(std::string_view header, std::uint64_t size) {
    constexpr std::string_view unit = "bytes=";
    const auto dash = header.find('-');
    if (!header.starts_with(unit) || dash == header.npos) return {};
    const auto first_text = header.substr(unit.size(), dash - unit.size());
    const auto last_text = header.substr(dash + 1);
    const auto first = read_position(first_text);
    const auto last = read_position(last_text);
    if ((!first && !first_text.empty()) || (!last && !last_text.empty())) return {};
    if (!first && !last) return {};

    ByteRange range;
    range.understood = true;
    if (!first) {
        range.bytes = std::min(*last, size);
        range.first = size - range.bytes;
        return range;
    }
    if (last && *last < *first) return {};
    range.first = *first;
    if (*first >= size) return range;
    range.bytes = std::min(last.value_or(size - 1), size - 1) - *first + 1;
    return range;
}

}  // namespace genspool::simulator
