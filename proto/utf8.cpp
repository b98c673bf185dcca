#include "proto/utf8.hpp"

#include <cstdint>

namespace genspool::proto {
namespace {

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

std::size_t character_length(std::string_view bytes) {
    if (bytes.empty()) return 0;
    const auto first = static_cast<unsigned char>(bytes[0]);
    if (first < 0x80) return 1;
    const std::size_t length = first < 0xC2   ? 0
                               : first < 0xE0 ? 2
                               : first < 0xF0 ? 3
                               : first < 0xF5 ? 4
                                              : 0;
    if (length == 0 || bytes.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(bytes[i])) return 0;
    }
    const auto second = static_cast<unsigned char>(bytes[1]);
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool surrogate = first == 0xED && second >= 0xA0;
    const bool beyond = first == 0xF4 && second >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

std::size_t control_length(std::string_view bytes) {
    if (bytes.empty()) return 0;
    const auto first = static_cast<unsigned char>(bytes[0]);
    if (first < 0x20 || first == 0x7F) return 1;
    if (first != 0xC2 || bytes.size() < 2) return 0;
    const auto second = static_cast<unsigned char>(bytes[1]);
    return second >= 0x80 && second < 0xA0 ? 2 : 0;
}

std::size_t code_points(std::string_view text) {
    std::size_t count = 0;
    for (const char byte : text)
        count += is_continuation(byte) ? 0U : 1U;
    return count;
}

std::string bounded_utf8(std::string_view bytes, std::size_t bytes_max) {
    constexpr std::string_view replacement = "\xEF\xBF\xBD";
    std::string text;
    while (!bytes.empty()) {
        const std::size_t length = character_length(bytes);
        const std::string_view next = length == 0 ? replacement : bytes.substr(0, length);
        if (text.size() + next.size() > bytes_max) break;
        text += next;
        bytes.remove_prefix(length == 0 ? 1 : length);
    }
    return text;
}

}  // namespace genspool::proto
