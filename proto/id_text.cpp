#include "proto/id_text.hpp"

#include <algorithm>

namespace genspool::proto {
namespace {

constexpr std::string_view layout = " \t\r\n";

/// Behind the string that begins at `at`, quotes included.
std::size_t string_end(std::string_view json, std::size_t at) {
    ++at;
    while (json[at] != '"')
        at += json[at] == '\\' ? 2 : 1;
    return at + 1;
}

bool names_id(std::string_view quoted) {
    return quoted == "\"id\"" || quoted.ends_with("_id\"");
}

/// Behind the whole number that begins at `at`; `at` itself where there is none.
std::size_t number_end(std::string_view json, std::size_t at) {
    const std::size_t end = std::min(json.find_first_not_of("0123456789", at), json.size());
    const bool goes_on = end < json.size() && std::string_view(".eE").find(json[end]) != json.npos;
    return goes_on ? at : end;
}

}  // namespace

std::string ids_as_text(std::string_view json) {
    std::string out;
    out.reserve(json.size() + 64);
    std::size_t copied = 0;
    for (std::size_t at = json.find('"'); at != json.npos; at = json.find('"', at)) {
        const std::size_t end = string_end(json, at);
        const std::string_view quoted = json.substr(at, end - at);
        at = std::min(json.find_first_not_of(layout, end), json.size());
        if (at == json.size() || json[at] != ':' || !names_id(quoted)) continue;
        const std::size_t value = json.find_first_not_of(layout, at + 1);
        at = number_end(json, value);
        if (at == value) continue;
        out.append(json.substr(copied, value - copied)).append("\"");
        out.append(json.substr(value, at - value)).append("\"");
        copied = at;
    }
    return out.append(json.substr(copied));
}

}  // namespace genspool::proto
