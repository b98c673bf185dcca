#include "proto/time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace genspool::proto {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr Instant last_instant{std::chrono::milliseconds{253'402'300'799'999}};  // 9999-12-31
constexpr Duration longest_span = days{36'525};

/// Within what RFC 3339 can write, so that `never` has a text as well.
Instant clamp(Instant at) {
    if (at < Instant{}) return Instant{};
    return at > last_instant ? last_instant : at;
}

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    const auto length = static_cast<std::size_t>(end - digits.data());
    if (length < width) out.append(width - length, '0');
    out.append(digits.data(), length);
}

void append_day(std::string& out, Instant at) {
    const year_month_day date{std::chrono::floor<days>(at)};
    append_padded(out, static_cast<int>(date.year()), 4);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.month()), 2);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.day()), 2);
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Reads from the front of a text; once something does not fit, everything after it fails too.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool ok() const { return ok_; }
    bool at_end() const { return rest_.empty(); }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

    bool accept(char wanted) {
        if (peek() != wanted || rest_.empty()) return false;
        rest_.remove_prefix(1);
        return true;
    }

    void expect(char wanted) { ok_ = accept(wanted) && ok_; }

    int digits(std::size_t count) {
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (!is_digit(peek())) {
                ok_ = false;
                return 0;
            }
            value = value * 10 + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return value;
    }

    /// The digits after the point, as milliseconds; what is finer is dropped.
    int fraction() {
        int millis = 0;
        int place = 100;
        if (!is_digit(peek())) ok_ = false;
        for (; is_digit(peek()); rest_.remove_prefix(1)) {
            millis += (rest_.front() - '0') * place;
            place /= 10;
        }
        return millis;
    }

private:
    std::string_view rest_;
    bool ok_ = true;
};

/// "Z" or "+hh:mm".
std::chrono::minutes scan_offset(Scanner& scanner, bool& in_range) {
    if (scanner.accept('Z') || scanner.accept('z')) return {};
    const bool west = scanner.peek() == '-';
    scanner.expect(west ? '-' : '+');
    const int hours = scanner.digits(2);
    scanner.expect(':');
    const int minutes = scanner.digits(2);
    in_range = in_range && hours < 24 && minutes < 60;
    const std::chrono::minutes offset{hours * 60 + minutes};
    return west ? -offset : offset;
}

struct SpanUnit {
    std::string_view name;
    std::int64_t millis;
};

constexpr std::array<SpanUnit, 5> span_units = {
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

}  // namespace

std::string format_rfc3339(Instant at) {
    at = clamp(at);
    const std::chrono::hh_mm_ss time{at - std::chrono::floor<days>(at)};
    std::string out;
    out.reserve(24);
    append_day(out, at);
    out += 'T';
    append_padded(out, time.hours().count(), 2);
    out += ':';
    append_padded(out, time.minutes().count(), 2);
    out += ':';
    append_padded(out, time.seconds().count(), 2);
    out += '.';
    append_padded(out, time.subseconds().count(), 3);
    out += 'Z';
    return out;
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
    Scanner scanner(text);
    const std::chrono::year year{scanner.digits(4)};
    scanner.expect('-');
    const std::chrono::month month{static_cast<unsigned>(scanner.digits(2))};
    scanner.expect('-');
    const std::chrono::day day{static_cast<unsigned>(scanner.digits(2))};
    if (!scanner.accept('t') && !scanner.accept(' ')) scanner.expect('T');
    const int hours = scanner.digits(2);
    scanner.expect(':');
    const int minutes = scanner.digits(2);
    scanner.expect(':');
    const int seconds = scanner.digits(2);
    const int millis = scanner.accept('.') ? scanner.fraction() : 0;

    const year_month_day date{year, month, day};
    // 60 is a leap second; it counts as the first moment of the next minute.
    bool in_range = date.ok() && hours < 24 && minutes < 60 && seconds <= 60;
    const std::chrono::minutes offset = scan_offset(scanner, in_range);
    if (!scanner.ok() || !scanner.at_end() || !in_range) return std::nullopt;

    const Instant at = sys_days{date} + std::chrono::hours{hours} + std::chrono::minutes{minutes} +
                       std::chrono::seconds{seconds} + Duration{millis} - offset;
    if (at < Instant{} || at > last_instant) return std::nullopt;
    return at;
}

std::optional<Duration> parse_duration(std::string_view text) {
    if (text.empty()) return std::nullopt;
    std::int64_t total = 0;
    std::size_t next_unit = 0;
    while (!text.empty()) {
        std::int64_t count = 0;
        const char* const begin = text.data();
        if (!is_digit(*begin)) return std::nullopt;
        const auto number = std::from_chars(begin, begin + text.size(), count);
        if (number.ec != std::errc{}) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(number.ptr - begin));

        const std::size_t name_length = std::min(text.find_first_of("0123456789"), text.size());
        const std::string_view name = text.substr(0, name_length);
        while (next_unit < span_units.size() && span_units[next_unit].name != name)
            ++next_unit;
        if (next_unit == span_units.size()) return std::nullopt;
        const std::int64_t unit = span_units[next_unit].millis;
        ++next_unit;
        if (count > (longest_span.count() - total) / unit) return std::nullopt;
        total += count * unit;
        text.remove_prefix(name_length);
    }
    return Duration{total};
}

std::string format_duration(Duration span) {
    std::int64_t rest = span.count();
    if (rest == 0) return "0s";
    std::string out;
    for (const SpanUnit& unit : span_units) {
        const std::int64_t count = rest / unit.millis;
        if (count == 0) continue;
        out += std::to_string(count);
        out += unit.name;
        rest -= count * unit.millis;
    }
    return out;
}

std::optional<Instant> parse_moment(std::string_view text, Instant now) {
    if (text.empty() || text.front() != '+') return parse_rfc3339(text);
    const auto span = parse_duration(text.substr(1));
    if (!span) return std::nullopt;
    return now + *span;
}

std::string format_day(Instant at) {
    std::string out;
    append_day(out, clamp(at));
    return out;
}

}  // namespace genspool::proto
