#include "proto/token_file.hpp"

#include <algorithm>

namespace genspool::proto {
namespace {

constexpr std::string_view hash_prefix = "sha256:";
constexpr std::size_t hash_digits = 64;

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

/// Cuts the first word off.
std::string_view take_word(std::string_view& text) {
    const auto begin = std::ranges::find_if_not(text, is_blank);
    const auto end = std::find_if(begin, text.end(), is_blank);
    const std::string_view word(begin, end);
    text = std::string_view(end, text.end());
    return word;
}

bool is_digest(std::string_view text) {
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() == hash_digits && std::ranges::all_of(text, is_digit);
}

// The messages never quote the line: it may be a token that stands in the wrong place.
Refused bad(std::string message) {
    return {"invalid", "", std::move(message)};
}

}  // namespace

bool is_plain_name(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    };
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, allowed);
}

std::string format_token_line(const TokenEntry& entry) {
    std::string line = entry.name;
    line.append(entry.admin ? " admin " : " owner ").append(hash_prefix).append(entry.sha256);
    return line;
}

Result<TokenEntry> parse_token_line(std::string_view line) {
    const std::string_view name = take_word(line);
    const std::string_view role = take_word(line);
    const std::string_view hash = take_word(line);
    if (!take_word(line).empty() || hash.empty())
        return bad("is not a name, a role and a hash, as `genspool token add` writes them");
    if (!is_plain_name(name))
        return bad("has a name that is not 1 to 64 letters, digits, dots, dashes or underscores");
    if (role != "owner" && role != "admin") return bad("has a role other than owner and admin");
    if (!hash.starts_with(hash_prefix) || !is_digest(hash.substr(hash_prefix.size())))
        return bad("has no hash as in sha256: and 64 digits");
    return TokenEntry{std::string(name), role == "admin",
                      std::string(hash.substr(hash_prefix.size()))};
}

bool is_token_comment(std::string_view line) {
    const std::string_view first = take_word(line);
    return first.empty() || first.front() == '#';
}

Result<std::vector<TokenEntry>> parse_token_file(std::string_view text) {
    std::vector<TokenEntry> entries;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (is_token_comment(line)) continue;
        const std::string where = "line " + std::to_string(number) + " ";
        auto entry = parse_token_line(line);
        if (!entry) return bad(where + entry.error().message);
        const auto same = [&entry](const TokenEntry& each) { return each.name == entry->name; };
        if (std::ranges::any_of(entries, same)) return bad(where + "has the name of a token above");
        entries.push_back(std::move(*entry));
    }
    return entries;
}

}  // namespace genspool::proto
