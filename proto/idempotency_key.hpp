#pragma once

#include <string_view>

namespace genspool::proto {

/// Whether a text may be an idempotency key: at most 255 printable ASCII characters, so that it
/// goes as it is into a header. An empty one stands for none.
bool is_idempotency_key(std::string_view text);

/// What else it must be, in words.
inline constexpr std::string_view idempotency_key_rule =
    "must be at most 255 printable ASCII characters";

}  // namespace genspool::proto
