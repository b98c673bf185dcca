#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace genspool::proto {

/// What some editors put in front of a text; it is no part of it.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// The bytes of the well-formed character that begins `bytes` (Unicode table 3-7); 0: none does.
std::size_t character_length(std::string_view bytes);

/// The bytes of the control character of ASCII or of Unicode (U+0080 to U+009F, in UTF-8) that
/// begins `bytes`; 0: none does. A terminal obeys both sorts.
std::size_t control_length(std::string_view bytes);

/// How many Unicode code points `text` has. `text` is valid UTF-8; in other bytes each one that
/// begins no sequence's continuation counts as one.
std::size_t code_points(std::string_view text);

/// At most `bytes_max` bytes of `bytes` as valid UTF-8: what is not UTF-8 becomes U+FFFD, and no
/// character is cut in half.
std::string bounded_utf8(std::string_view bytes, std::size_t bytes_max);

}  // namespace genspool::proto
