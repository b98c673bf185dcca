#include "daemon/byte_range.hpp"

#include <algorithm>
#include <charconv>

namespace genspool::daemon {
namespace {

/// A number that is the whole of `text`; nullopt otherwise.
std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return value;
}

ReadRange part(std::uint64_t from, std::uint64_t bytes) {
    return {RangeKind::part, {from, bytes}};
}

}  // namespace

ReadRange read_range(std::string_view header, std::uint64_t size) {
    constexpr std::string_view unit = "bytes=";
    if (!header.starts_with(unit)) return {};
    header.remove_prefix(unit.size());
    const std::size_t dash = header.find('-');
    if (dash == std::string_view::npos || header.find(',') != std::string_view::npos) return {};
    const auto first = number(header.substr(0, dash));
    const auto last = number(header.substr(dash + 1));
    const bool open = dash + 1 == header.size();
    if (dash == 0) {
        if (!last) return {};
        if (*last == 0 || size == 0) return {RangeKind::unsatisfied, {}};
        const std::uint64_t bytes = std::min(*last, size);
        return part(size - bytes, bytes);
    }
    if (!first || (!last && !open) || (last && *last < *first)) return {};
    if (*first >= size) return {RangeKind::unsatisfied, {}};
    const std::uint64_t end = last ? std::min(*last, size - 1) : size - 1;
    return part(*first, end - *first + 1);
}

}  // namespace genspool::daemon
