#pragma once

#include <optional>
#include <string_view>

#include "proto/codec.hpp"
#include "proto/time.hpp"

namespace genspool::proto {

/// Reads the one form of RFC 9110 that may be written, as in "Sun, 06 Nov 1994 08:49:37 GMT".
/// nullopt if it is another.
std::optional<Instant> parse_http_date(std::string_view text);

/// When the upstream says that it answered (its Date header). Codecs know no clock, so spans that a
/// reply states are counted from here.
std::optional<Instant> replied_at(const Reply& reply);

/// When the upstream wants to be asked again: Retry-After as a date, or as seconds after
/// replied_at(). At most a day after it. nullopt without the header, or where it cannot be placed
/// in time.
std::optional<Instant> retry_at(const Reply& reply);

}  // namespace genspool::proto
