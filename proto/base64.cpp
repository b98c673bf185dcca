#include "proto/base64.hpp"

#include <array>

namespace genspool::proto {
namespace {

constexpr std::uint8_t no_digit = 0xFF;

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::uint8_t, 256> make_values() {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_digit);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

constexpr std::array<std::uint8_t, 256> values = make_values();

std::uint8_t value_of(char digit) {
    return values[static_cast<unsigned char>(digit)];
}

/// Without its padding; nullopt if that is wrong.
std::optional<std::string_view> digits_of(std::string_view text) {
    std::string_view digits = text;
    while (digits.ends_with('='))
        digits.remove_suffix(1);
    const std::size_t padding = text.size() - digits.size();
    if (padding > 2 || (padding > 0 && text.size() % 4 != 0) || digits.size() % 4 == 1) {
        return std::nullopt;
    }
    return digits;
}

}  // namespace

std::optional<std::uint64_t> base64_size(std::string_view text) {
    const auto digits = digits_of(text);
    if (!digits) return std::nullopt;
    for (const char digit : *digits) {
        if (value_of(digit) == no_digit) return std::nullopt;
    }
    return digits->size() / 4 * 3 + digits->size() % 4 * 3 / 4;
}

std::optional<std::string> base64_decode(std::string_view text) {
    const auto digits = digits_of(text);
    if (!digits) return std::nullopt;
    std::string bytes;
    bytes.reserve(digits->size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char digit : *digits) {
        const std::uint8_t value = value_of(digit);
        if (value == no_digit) return std::nullopt;
        bits = (bits << 6U | value) & 0xFFFFU;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes.push_back(static_cast<char>(bits >> held & 0xFFU));
        }
    }
    return bytes;
}

std::string base64_encode(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::string_view three = bytes.substr(at, 3);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            const auto byte = i < three.size() ? static_cast<unsigned char>(three[i]) : 0U;
            bits = bits << 8U | byte;
        }
        for (std::size_t i = 0; i < 4; ++i)
            text += i <= three.size() ? alphabet[bits >> (18U - 6U * i) & 63U] : '=';
    }
    return text;
}

}  // namespace genspool::proto
