#include "proto/useapi/times.hpp"

#include "proto/upstream_text.hpp"

namespace genspool::proto::useapi {

namespace json = boost::json;

namespace {

/// Of 2017 and 2100, in milliseconds: what lies beyond counts in something else, or is none.
constexpr std::uint64_t earliest = 1'500'000'000'000;
constexpr std::uint64_t latest = 4'100'000'000'000;

}  // namespace

std::optional<Instant> time_member(const json::object& fields, std::string_view name) {
    const std::string text = text_or_number(fields, name);
    const auto millis = whole_number(text);
    if (!millis) return parse_rfc3339(text);
    if (*millis < earliest || *millis > latest) return std::nullopt;
    return Instant(Duration(static_cast<std::int64_t>(*millis)));
}

std::optional<Instant> seconds_member(const json::object& fields, std::string_view name) {
    const json::value* const value = fields.if_contains(name);
    boost::system::error_code ec;
    const double seconds = value != nullptr ? value->to_number<double>(ec) : 0;
    const double millis = ec ? 0 : seconds * 1'000;
    const bool real =
        millis >= static_cast<double>(earliest) && millis <= static_cast<double>(latest);
    if (!real) return std::nullopt;
    return Instant(Duration(static_cast<std::int64_t>(millis)));
}

}  // namespace genspool::proto::useapi
