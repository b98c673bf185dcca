#include "proto/money.hpp"

namespace genspool::proto {
namespace {

constexpr std::uint64_t micros_per_unit = 1'000'000;
constexpr std::size_t integer_digits_max = 9;
constexpr std::size_t decimals_max = 6;

bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Micros read_digits(std::string_view digits) {
    Micros value = 0;
    for (const char digit : digits)
        value = value * 10 + (digit - '0');
    return value;
}

}  // namespace

std::string_view to_string(Unit unit) {
    switch (unit) {
        case Unit::none:
            return "";
        case Unit::usd:
            return "USD";
        case Unit::credits:
            return "credits";
    }
    return "";
}

std::optional<Unit> parse_unit(std::string_view text) {
    if (text == "USD") return Unit::usd;
    if (text == "credits") return Unit::credits;
    return std::nullopt;
}

std::string format_micros(Micros amount) {
    // Unsigned, because the lowest number has no positive counterpart.
    const auto bits = static_cast<std::uint64_t>(amount);
    const std::uint64_t size = amount < 0 ? 0 - bits : bits;
    std::string out = amount < 0 ? "-" : "";
    out += std::to_string(size / micros_per_unit);
    const std::string decimals = std::to_string(size % micros_per_unit);
    if (decimals == "0") return out;
    out += '.';
    out.append(decimals_max - decimals.size(), '0');
    out += decimals;
    out.erase(out.find_last_not_of('0') + 1);
    return out;
}

std::optional<Micros> parse_micros(std::string_view text) {
    const std::size_t point = text.find('.');
    const std::string_view integer = text.substr(0, point);
    if (!all_digits(integer) || integer.size() > integer_digits_max) return std::nullopt;
    Micros amount = read_digits(integer) * static_cast<Micros>(micros_per_unit);
    if (point == std::string_view::npos) return amount;

    const std::string_view decimals = text.substr(point + 1);
    if (!all_digits(decimals) || decimals.size() > decimals_max) return std::nullopt;
    Micros part = read_digits(decimals);
    for (std::size_t i = decimals.size(); i < decimals_max; ++i)
        part *= 10;
    return amount + part;
}

}  // namespace genspool::proto
