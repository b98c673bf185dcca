#pragma once

#include <cstdint>
#include <string_view>

namespace genspool::simulator {

/// A Range header applied to a body.
struct ByteRange {
    bool understood = false;  ///< one range of bytes; anything else is to be ignored
    std::uint64_t first = 0;
    std::uint64_t bytes = 0;  ///< 0: the range lies outside the body
};

/// Reads "bytes=A-", "bytes=A-B" and "bytes=-N" against a body of `size` bytes.
ByteRange read_byte_range(std::string_view header, std::uint64_t size);

}  // namespace genspool::simulator
