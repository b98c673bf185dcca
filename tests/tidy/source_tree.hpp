#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace genspool::tests::tidy {

/// One C++ file of the tree.
struct SourceFile {
    std::string path;  ///< relative to the root of the tree
    std::string text;  ///< as it is
    std::string code;  ///< the same with comments and what stands in quotes blanked out

    bool is_header() const { return path.ends_with(".hpp"); }
    bool lies_in(std::string_view folder) const {
        return path.starts_with(std::string(folder) + "/");
    }
};

/// All C++ files of the project, sorted by path.
std::vector<SourceFile> source_tree();

/// Blanks comments and the inside of string and character literals; lines stay where they are.
std::string code_only(std::string_view text);

std::vector<std::string_view> lines_of(std::string_view text);

/// The line, counted from 1, of a position in a text.
std::size_t line_at(std::string_view text, std::size_t position);

struct Include {
    std::string path;
    std::size_t line = 0;
    bool quoted = false;
};

std::vector<Include> includes_of(const SourceFile& file);

}  // namespace genspool::tests::tidy
