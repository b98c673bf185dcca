#include "cli/text_width.hpp"

#include <algorithm>

namespace genspool::cli {
namespace {

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// The bytes of the character, or the whole escape sequence, that begins here.
std::size_t length_at(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    if (text[at] == '\x1b') {
        end = std::min(text.find('m', at), text.size() - 1) + 1;
    } else {
        while (end < text.size() && continues(text[end]))
            ++end;
    }
    return end - at;
}

}  // namespace

std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size(); at += length_at(text, at))
        width += text[at] == '\x1b' ? 0 : 1;
    return width;
}

std::string cut_to(std::string_view text, std::size_t most) {
    if (width_of(text) <= most) return std::string(text);
    std::string out;
    std::size_t kept = 0;
    bool painted = false;
    for (std::size_t at = 0; at < text.size() && kept + 1 < most; at += length_at(text, at)) {
        const bool escape = text[at] == '\x1b';
        painted = painted || escape;
        kept += escape ? 0 : 1;
        out += text.substr(at, length_at(text, at));
    }
    if (most > 0) out += "…";
    return painted ? out + "\x1b[0m" : out;
}

}  // namespace genspool::cli
