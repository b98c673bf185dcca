#include "proto/id_text.hpp"

#include <algorithm>
#include <functional>

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
    return quoted == "\"id\"" || quoted.ends_with("_id\"") || quoted.ends_with("ID\"");
}

/// Behind the whole number that begins at `at`; `at` itself where there is none.
std::size_t number_end(std::string_view json, std::size_t at) {
    const std::size_t end = std::min(json.find_first_not_of("0123456789", at), json.size());
    const bool goes_on = end < json.size() && std::string_view(".eE").find(json[end]) != json.npos;
    return goes_on ? at : end;
}

/// The JSON with some of its members' values replaced. `end_of` is told a name in quotes and where
/// its value begins, and says where that ends, or just that if it stays; `as` says what comes
/// there.
std::string rewritten(std::string_view json,
                      const std::function<std::size_t(std::string_view, std::size_t)>& end_of,
                      const std::function<std::string(std::string_view)>& as) {
    std::string out;
    out.reserve(json.size() + 64);
    std::size_t copied = 0;
    for (std::size_t at = json.find('"'); at != json.npos; at = json.find('"', at)) {
        const std::size_t end = string_end(json, at);
        const std::string_view quoted = json.substr(at, end - at);
        at = std::min(json.find_first_not_of(layout, end), json.size());
        if (at == json.size() || json[at] != ':') continue;
        const std::size_t value = json.find_first_not_of(layout, at + 1);
        at = end_of(quoted, value);
        if (at == value) continue;
        out.append(json.substr(copied, value - copied)).append(as(json.substr(value, at - value)));
        copied = at;
    }
    return out.append(json.substr(copied));
}

}  // namespace

std::string ids_as_text(std::string_view json) {
    return rewritten(
        json,
        [json](std::string_view name, std::size_t at) {
            return names_id(name) ? number_end(json, at) : at;
        },
        [](std::string_view number) { return '"' + std::string(number) + '"'; });
}

std::string masked(std::string_view json, std::string_view name) {
    const std::string wanted = '"' + std::string(name) + '"';
    return rewritten(
        json,
        [&](std::string_view found, std::size_t at) {
            return found == wanted && json[at] == '"' ? string_end(json, at) : at;
        },
        [](std::string_view) { return std::string("\"***\""); });
}

}  // namespace genspool::proto
