#include "proto/json_text.hpp"

#include <array>
#include <charconv>
#include <cstdlib>

#include "proto/utf8.hpp"

namespace genspool::proto {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

void append_escape(std::string& out, char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    out += "\\u00";
    out += hex[byte >> 4U];
    out += hex[byte & 15U];
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t begin = at;
        while (at < text.size() && is_plain(text[at]))
            ++at;
        out.append(text, begin, at - begin);
        if (at == text.size()) break;
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            append_escape(out, text[at]);
            ++at;
            continue;
        }
        const std::size_t length = character_length(text.substr(at));
        out += length == 0 ? replacement : text.substr(at, length);
        at += length == 0 ? 1 : length;
    }
    out += '"';
}

void append_json_number(std::string& out, double number) {
    if (number == 0) {
        out += '0';
        return;
    }
    if (number < 0) out += '-';
    std::array<char, 32> buffer{};
    const auto written =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), number < 0 ? -number : number,
                      std::chars_format::scientific);
    const std::string_view shortest(buffer.data(),
                                    static_cast<std::size_t>(written.ptr - buffer.data()));

    // "d.ddde±xx": its digits, and how many of them stand before the point.
    const std::size_t e = shortest.find('e');
    std::string digits(shortest.substr(0, 1));
    if (e > 2) digits += shortest.substr(2, e - 2);
    int exponent = 0;
    const std::size_t sign = shortest[e + 1] == '+' ? 1 : 0;  // from_chars takes a minus only
    std::from_chars(shortest.data() + e + 1 + sign, shortest.data() + shortest.size(), exponent);
    const int before = exponent + 1;
    const int count = static_cast<int>(digits.size());

    if (before > 21 || before <= -6) {
        out += digits[0];
        if (count > 1) out.append(".").append(digits, 1);
        out.append(exponent < 0 ? "e-" : "e+").append(std::to_string(std::abs(exponent)));
    } else if (before <= 0) {
        out.append("0.").append(static_cast<std::size_t>(-before), '0').append(digits);
    } else if (before >= count) {
        out.append(digits).append(static_cast<std::size_t>(before - count), '0');
    } else {
        digits.insert(static_cast<std::size_t>(before), 1, '.');
        out += digits;
    }
}

}  // namespace genspool::proto
