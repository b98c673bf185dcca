#include "tests/tidy/source_tree.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "tests/support/places.hpp"

namespace genspool::tests::tidy {
namespace {

namespace fs = std::filesystem;

std::string read_whole(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool is_digit_separator(std::string_view text, std::size_t at) {
    const auto hex = [&](std::size_t i) {
        return i < text.size() && std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
    };
    return at > 0 && hex(at - 1) && hex(at + 1);
}

/// Where a comment or literal that begins at `at` ends; `at` itself if none begins there.
std::size_t end_of_blank(std::string_view text, std::size_t at) {
    const auto after = [&](std::string_view end, std::size_t from) {
        const auto found = text.find(end, from);
        return found == std::string_view::npos ? text.size() : found + end.size();
    };
    const auto rest = text.substr(at);
    if (rest.starts_with("//")) {
        return std::min(text.find('\n', at), text.size());
    }
    if (rest.starts_with("/*")) {
        return after("*/", at + 2);
    }
    if (rest.starts_with("R\"")) {
        const auto open = text.find('(', at);
        const auto close = ")" + std::string(text.substr(at + 2, open - at - 2)) + "\"";
        return after(close, open);
    }
    if (rest[0] == '"' || (rest[0] == '\'' && !is_digit_separator(text, at))) {
        for (auto end = at + 1; end < text.size(); ++end) {
            if (text[end] == '\\') {
                ++end;
            } else if (text[end] == rest[0]) {
                return end + 1;
            }
        }
        return text.size();
    }
    return at;
}

}  // namespace

std::string code_only(std::string_view text) {
    std::string code(text);
    for (std::size_t at = 0; at < text.size();) {
        const auto end = end_of_blank(text, at);
        const bool comment = text[at] == '/';
        for (auto i = at; i < end; ++i) {
            const bool quote = !comment && (i == at || i + 1 == end);
            if (code[i] != '\n') {
                code[i] = quote ? '"' : ' ';
            }
        }
        at = std::max(end, at + 1);
    }
    return code;
}

std::vector<SourceFile> source_tree() {
    const fs::path root = source_path("");
    std::vector<SourceFile> files;
    for (const auto* folder : {"proto", "queue", "workers", "daemon", "cli", "manual", "tests"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const auto extension = entry.path().extension();
            if (extension == ".cpp" || extension == ".hpp") {
                auto text = read_whole(entry.path());
                auto code = code_only(text);
                files.push_back({entry.path().lexically_relative(root).generic_string(),
                                 std::move(text), std::move(code)});
            }
        }
    }
    std::ranges::sort(files, {}, &SourceFile::path);
    return files;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

std::size_t line_at(std::string_view text, std::size_t position) {
    const auto before = text.substr(0, position);
    return 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
}

std::vector<Include> includes_of(const SourceFile& file) {
    static const std::regex pattern(R"re(^\s*#\s*include\s*(["<])([^">]+)[">].*)re");
    std::vector<Include> includes;
    std::size_t number = 0;
    for (const auto line : lines_of(file.text)) {
        ++number;
        std::match_results<std::string_view::const_iterator> match;
        if (std::regex_match(line.begin(), line.end(), match, pattern)) {
            includes.push_back({match[2].str(), number, match[1].str() == "\""});
        }
    }
    return includes;
}

}  // namespace genspool::tests::tidy
