#include "daemon/inbox_names.hpp"

#include <algorithm>

#include "proto/utf8.hpp"

namespace genspool::daemon {

namespace {

// Leaves room in the 255 bytes of a file name for ".errors.jsonl.new", "~2" and a leading dot.
constexpr std::size_t name_bytes_max = 220;

std::size_t ending_at(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos || dot == 0 ? name.size() : dot;
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

NameKind name_kind(std::string_view name) {
    const bool unfinished = name.starts_with('.') || name.ends_with('~') ||
                            name.ends_with(".part") || name.ends_with(".tmp");
    if (name.empty() || unfinished) return NameKind::ignored;
    const std::string_view ending = ending_of(name);
    if (ending == ".jsonl") return NameKind::jsonl;
    if (ending == ".json") return NameKind::json;
    if (ending == ".csv") return NameKind::csv;
    if (ending == ".txt") return NameKind::txt;
    return NameKind::other;
}

std::optional<std::string> name_problem(std::string_view name) {
    if (name.size() > name_bytes_max) {
        return "the file's name is longer than " + std::to_string(name_bytes_max) + " bytes";
    }
    if (std::any_of(name.begin(), name.end(), is_control)) {
        return "the file's name holds a control character";
    }
    if (proto::bounded_utf8(name, name.size()) != name) return "the file's name is not UTF-8";
    return std::nullopt;
}

std::string_view stem_of(std::string_view name) {
    return name.substr(0, ending_at(name));
}

std::string_view ending_of(std::string_view name) {
    return name.substr(ending_at(name));
}

std::string numbered_name(std::string_view name, unsigned n) {
    if (n <= 1) return std::string(name);
    std::string numbered(stem_of(name));
    numbered += '~';
    numbered += std::to_string(n);
    numbered += ending_of(name);
    return numbered;
}

}  // namespace genspool::daemon
