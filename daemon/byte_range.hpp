#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace genspool::daemon {

/// A part of a file of known length.
struct ByteRange {
    std::uint64_t from = 0;
    std::uint64_t bytes = 0;

    bool operator==(const ByteRange&) const = default;
};

enum class RangeKind : std::uint8_t {
    whole,        ///< no range, or one that is not understood or of several parts: the whole file
    part,         ///< `range` of it
    unsatisfied,  ///< it begins behind the end: 416
};

struct ReadRange {
    RangeKind kind = RangeKind::whole;
    ByteRange range;
};

/// Reads a Range header ("bytes=0-99", "bytes=100-", "bytes=-50") for a file of `size` bytes.
ReadRange read_range(std::string_view header, std::uint64_t size);

}  // namespace genspool::daemon
