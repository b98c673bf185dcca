#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace genspool::proto {

/// What a provider counts its prices in. Units are never summed with each other.
/// The numbers are stored; append only.
enum class Unit : std::uint8_t { none = 0, usd = 1, credits = 2 };

std::string_view to_string(Unit unit);  ///< "", "USD", "credits"
std::optional<Unit> parse_unit(std::string_view text);

/// An amount in millionths of its unit. Money never passes through a floating-point number.
using Micros = std::int64_t;

/// "0.49", "3", "0.000001": plain decimal, no exponent, no trailing zeros.
std::string format_micros(Micros amount);

/// Reads a plain decimal of at most six decimals and nine integer digits, not negative.
/// nullopt otherwise.
std::optional<Micros> parse_micros(std::string_view text);

struct Money {
    Micros amount = 0;
    Unit unit = Unit::none;

    auto operator<=>(const Money&) const = default;
};

}  // namespace genspool::proto
