#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace genspool::proto {

/// A moment of the wall clock, as it is stored: UTC, whole milliseconds.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// A span of time in whole milliseconds.
using Duration = std::chrono::milliseconds;

/// "Never", where a due time is wanted: later than every real moment.
inline constexpr Instant never = Instant::max();

/// RFC 3339 in UTC with milliseconds, as in "2026-12-01T08:00:00.000Z".
std::string format_rfc3339(Instant at);

/// Reads RFC 3339 with any offset and fraction (truncated to milliseconds); nullopt if it is not
/// one or lies outside the years 1970 to 9999.
std::optional<Instant> parse_rfc3339(std::string_view text);

/// Reads a span such as "2s", "500ms", "15m", "6h", "30d", or several in falling order ("1h30m").
/// nullopt if it is not one, is negative, or exceeds 100 years.
std::optional<Duration> parse_duration(std::string_view text);

/// The shortest form that parse_duration() reads back exactly, as in "1h30m".
std::string format_duration(Duration span);

/// A moment as a user may write it: RFC 3339, or "+" and a span counted from `now`.
std::optional<Instant> parse_moment(std::string_view text, Instant now);

/// The UTC day of a moment as "2026-12-01".
std::string format_day(Instant at);

}  // namespace genspool::proto
