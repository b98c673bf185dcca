#pragma once

#include <string>
#include <string_view>

namespace genspool::manual {

/// A manual page in the making: the man(7) macros it needs, and nothing of troff beyond them.
/// Texts are plain unless they are said to be marked: `literal`, **strong**, *stressed*, [a](link).
class Roff {
public:
    /// `date`: as in 2026-12-01.
    Roff(std::string_view name, std::string_view section, std::string_view date);

    void heading(std::string_view text);
    void subheading(std::string_view text);
    /// A paragraph; marked.
    void paragraph(std::string_view text);
    /// A term, and what it means indented below it; both marked. An empty meaning: only the term.
    void item(std::string_view term, std::string_view meaning);
    /// Lines that stay as they are.
    void literal(std::string_view lines);

    const std::string& text() const { return text_; }

private:
    void macro(std::string_view name, std::string_view argument = {});
    void new_paragraph();
    void marked(std::string_view text);

    std::string text_;
    bool below_heading_ = false;  ///< where a paragraph begins by itself
};

}  // namespace genspool::manual
