#include "proto/http_time.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace genspool::proto {
namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<int> digits(std::string_view text) {
    int value = 0;
    const char* end = text.data() + text.size();
    const auto [rest, ec] = std::from_chars(text.data(), end, value);
    if (text.empty() || text[0] == '-' || ec != std::errc{} || rest != end) return std::nullopt;
    return value;
}

}  // namespace

std::optional<Instant> parse_http_date(std::string_view text) {
    constexpr std::string_view shape = "Sun, 06 Nov 1994 08:49:37 GMT";
    if (text.size() != shape.size() || text.substr(25) != " GMT") return std::nullopt;
    for (const std::size_t at : {3U, 4U, 7U, 11U, 16U, 19U, 22U}) {
        if (text[at] != shape[at]) return std::nullopt;
    }
    const auto* month = std::find(months.begin(), months.end(), text.substr(8, 3));
    const auto day = digits(text.substr(5, 2));
    const auto year = digits(text.substr(12, 4));
    const auto hour = digits(text.substr(17, 2));
    const auto minute = digits(text.substr(20, 2));
    const auto second = digits(text.substr(23, 2));
    if (month == months.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
    if (*hour > 23 || *minute > 59 || *second > 60 || *year < 1970) return std::nullopt;

    const std::chrono::year_month_day date{
        std::chrono::year{*year},
        std::chrono::month{static_cast<unsigned>(month - months.begin()) + 1},
        std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return Instant{std::chrono::sys_days{date}} + std::chrono::hours{*hour} +
           std::chrono::minutes{*minute} + std::chrono::seconds{*second};
}

std::optional<Instant> replied_at(const Reply& reply) {
    return parse_http_date(reply.header("Date"));
}

std::optional<Instant> retry_at(const Reply& reply) {
    constexpr std::chrono::hours longest{24};
    const std::string_view value = reply.header("Retry-After");
    const std::optional<Instant> now = replied_at(reply);
    if (const auto date = parse_http_date(value)) {
        return now ? std::min(*date, *now + longest) : *date;
    }
    const std::optional<int> seconds = digits(value);
    if (!seconds || !now) return std::nullopt;
    return *now + std::min<std::chrono::seconds>(std::chrono::seconds{*seconds}, longest);
}

}  // namespace genspool::proto
