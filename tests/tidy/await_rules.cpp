#include "tests/tidy/await_rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace genspool::tests::tidy {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::size_t last_ink_before(std::string_view code, std::size_t at) {
    return code.substr(0, at).find_last_not_of(" \t\n");
}

std::string_view word_ending_at(std::string_view code, std::size_t last) {
    auto begin = last + 1;
    while (begin > 0 && is_word(code[begin - 1])) {
        --begin;
    }
    return code.substr(begin, last + 1 - begin);
}

/// Whether the brace opens a block rather than a list: by what stands before it.
bool opens_block(std::string_view code, std::size_t brace) {
    const auto last = last_ink_before(code, brace);
    if (last == npos || std::string_view(");{}]:").find(code[last]) != npos) {
        return true;
    }
    constexpr std::array words{"else", "do", "try", "const", "noexcept", "mutable", "override"};
    if (std::ranges::find(words, word_ending_at(code, last)) != words.end()) {
        return true;
    }
    // The return type of a function or lambda: `(…) -> awaitable {`.
    const auto arrow = code.substr(0, brace).rfind("->");
    return arrow != npos && code.substr(arrow, brace - arrow).find_first_of("(){};=") == npos;
}

/// Whether the list makes a value of the standard library's that has a constructor, which is safe:
/// durations, strings, pairs. Arrays have none.
bool makes_standard_value(std::string_view code, std::size_t brace) {
    const auto name = code.substr(0, brace).find_last_of(" (,={") + 1;
    return code.substr(name).starts_with("std::") && !code.substr(name).starts_with("std::array");
}

bool opens_list(std::string_view code, std::size_t brace) {
    return !opens_block(code, brace) && !makes_standard_value(code, brace);
}

std::size_t opening_of(std::string_view code, std::size_t closing) {
    int depth = 0;
    for (auto at = closing + 1; at-- > 0;) {
        depth += code[at] == '}' ? 1 : code[at] == '{' ? -1 : 0;
        if (depth == 0) {
            return at;
        }
    }
    return 0;
}

std::size_t closing_of(std::string_view code, std::size_t opening) {
    int depth = 0;
    for (auto at = opening; at < code.size(); ++at) {
        depth += code[at] == '{' ? 1 : code[at] == '}' ? -1 : 0;
        if (depth == 0) {
            return at;
        }
    }
    return code.size() - 1;
}

/// The statement around an await, with the bodies of lambdas in it left out.
struct Statement {
    std::string text;
    bool has_list = false;
};

void read_backward(std::string_view code, std::size_t from, Statement& statement) {
    int parens = 0;  // negative: inside one that is not closed before the await
    std::string reversed;
    for (auto at = from; at-- > 0;) {
        const char c = code[at];
        parens += c == ')' ? 1 : c == '(' ? -1 : 0;
        if (c == ';' && parens <= 0) {
            break;
        }
        if (c == '{') {
            if (opens_block(code, at)) {
                break;
            }
            statement.has_list |= opens_list(code, at);
        }
        if (c == '}') {
            const auto opening = opening_of(code, at);
            const bool block = opens_block(code, opening);
            if (block && parens <= 0 && code.substr(at + 1, 1) != ",") {
                break;
            }
            statement.has_list |= opens_list(code, opening);
            at = opening;
            continue;
        }
        reversed += c;
    }
    statement.text.assign(reversed.rbegin(), reversed.rend());
}

void read_forward(std::string_view code, std::size_t from, Statement& statement) {
    int parens = 0;
    for (auto at = from; at < code.size(); ++at) {
        const char c = code[at];
        parens += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == ';' || c == '}') {
            break;
        }
        if (c == '{') {
            const bool block = opens_block(code, at);
            if (block && parens <= 0) {
                break;
            }
            statement.has_list |= opens_list(code, at);
            at = closing_of(code, at);
            continue;
        }
        statement.text += c;
    }
}

/// A capture list that copies something: `[=]`, `[x]`, `[x = …]`; not `[]`, `[&]`, `[&x, this]`.
bool captures_by_value(std::string_view captures) {
    while (!captures.empty()) {
        const auto comma = std::min(captures.find(','), captures.size());
        auto one = captures.substr(0, comma);
        captures.remove_prefix(std::min(comma + 1, captures.size()));
        one.remove_prefix(std::min(one.find_first_not_of(" \t\n"), one.size()));
        if (!one.empty() && one[0] != '&' && !one.starts_with("this")) {
            return true;
        }
    }
    return false;
}

bool has_copying_lambda(std::string_view text) {
    constexpr std::array keywords{"return", "co_return", "co_await"};
    for (auto at = text.find('['); at != npos; at = text.find('[', at + 1)) {
        const auto last = last_ink_before(text, at);
        const auto before = last == npos ? ' ' : text[last];
        const auto word = last == npos ? std::string_view{} : word_ending_at(text, last);
        const bool keyword = std::ranges::find(keywords, word) != keywords.end();
        const bool binding = before == '&' || word == "auto";
        const bool subscript = before == ')' || before == ']' || (!word.empty() && !keyword);
        const bool attribute = before == '[' || text.substr(at + 1, 1) == "[";
        if (binding || subscript || attribute) {
            continue;
        }
        if (captures_by_value(text.substr(at + 1, text.find(']', at) - at - 1))) {
            return true;
        }
    }
    return false;
}

bool has_word(std::string_view text, std::string_view word) {
    for (auto at = text.find(word); at != npos; at = text.find(word, at + 1)) {
        const auto end = at + word.size();
        if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) {
            return true;
        }
    }
    return false;
}

std::optional<std::string> fault_of(const Statement& statement) {
    if (statement.text.find('?') != npos) {
        return "a conditional operator";
    }
    if (statement.has_list) {
        return "a braced list";
    }
    if (has_word(statement.text, "throw")) {
        return "a throw";
    }
    if (has_copying_lambda(statement.text)) {
        return "a lambda that captures by value";
    }
    return std::nullopt;
}

/// Whether the await stands in the condition of a do-while.
bool in_do_condition(std::string_view code, std::size_t at) {
    int depth = 0;
    while (at-- > 0) {
        const char c = code[at];
        if (depth == 0 && std::string_view(";{}").find(c) != npos) {
            return false;
        }
        depth += c == ')' ? 1 : c == '(' ? -1 : 0;
        if (depth >= 0) {
            continue;
        }
        depth = 0;  // in front of a parenthesis that encloses the await
        constexpr std::string_view keyword = "while";
        const auto last = last_ink_before(code, at);
        if (last == npos || word_ending_at(code, last) != keyword) {
            continue;
        }
        const auto closing = last_ink_before(code, last + 1 - keyword.size());
        if (closing == npos || code[closing] != '}') {
            return false;
        }
        const auto before = last_ink_before(code, opening_of(code, closing));
        return before != npos && word_ending_at(code, before) == "do";
    }
    return false;
}

}  // namespace

std::vector<AwaitFinding> await_findings(std::string_view code) {
    constexpr std::string_view keyword = "co_await";
    std::vector<AwaitFinding> findings;
    for (auto at = code.find(keyword); at != npos; at = code.find(keyword, at + 1)) {
        Statement statement;
        read_backward(code, at, statement);
        read_forward(code, at, statement);
        if (const auto fault = fault_of(statement)) {
            findings.push_back({at, "co_await shares its statement with " + *fault});
        }
        if (in_do_condition(code, at)) {
            findings.push_back({at, "co_await stands in the condition of a do-while"});
        }
    }
    return findings;
}

}  // namespace genspool::tests::tidy
