#include "manual/markdown.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "proto/lines.hpp"

namespace genspool::manual {
namespace {

using Lines = std::vector<std::string>;

std::string trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == text.npos) return {};
    return std::string(text.substr(begin, text.find_last_not_of(' ') - begin + 1));
}

/// The cells of a table's row. A bar inside `literal` text is none between cells.
Lines cells_of(const std::string& row) {
    Lines cells(1);
    bool literal = false;
    for (const char c : row.substr(1)) {
        if (c == '`') literal = !literal;
        if (c == '|' && !literal) {
            cells.emplace_back();
        } else {
            cells.back() += c;
        }
    }
    cells.pop_back();  // behind the last bar
    std::ranges::transform(cells, cells.begin(), [](const auto& cell) { return trimmed(cell); });
    return cells;
}

bool is_item(const std::string& line) {
    return line.starts_with("- ") || line.starts_with("* ");
}

/// Walks through the lines of a document, block by block.
class Blocks {
public:
    Blocks(Roff& page, const Lines& lines) : page_(page), lines_(lines) {}

    void put() {
        while (at_ < lines_.size())
            block();
    }

private:
    void block() {
        const std::string& line = lines_[at_];
        if (line.empty()) {
            ++at_;
        } else if (line.starts_with("```")) {
            code();
        } else if (line.starts_with("#")) {
            heading(line);
        } else if (line.starts_with("|")) {
            table();
        } else if (is_item(line)) {
            list();
        } else {
            page_.paragraph(running_text());
        }
    }

    void heading(const std::string& line) {
        const std::size_t depth = line.find_first_not_of('#');
        const std::string words = trimmed(line.substr(depth));
        if (depth == 2) page_.heading(words);
        if (depth > 2) page_.subheading(words);
        ++at_;
    }

    void code() {
        std::string all;
        for (++at_; at_ < lines_.size() && !lines_[at_].starts_with("```"); ++at_)
            all += lines_[at_] + "\n";
        ++at_;
        page_.literal(all);
    }

    /// Lines until the next block begins.
    std::string running_text() {
        std::string text = lines_[at_++];
        while (at_ < lines_.size() && !lines_[at_].empty() && !is_item(lines_[at_]) &&
               !lines_[at_].starts_with("```") && !lines_[at_].starts_with("|"))
            text += "\n" + lines_[at_++];
        return text;
    }

    void list() {
        while (at_ < lines_.size() && is_item(lines_[at_]))
            page_.item("•", running_text().substr(2));
    }

    /// Each row is a term and what the other columns say of it, those with a name under that name.
    void table() {
        const Lines names = cells_of(lines_[at_]);
        at_ += 2;  // the names, and the line below them
        for (; at_ < lines_.size() && lines_[at_].starts_with("|"); ++at_) {
            const Lines cells = cells_of(lines_[at_]);
            if (cells.size() != names.size())
                throw std::runtime_error("a row with another number of cells: " + lines_[at_]);
            std::string meaning;
            for (std::size_t i = cells.size() - 1; i > 0; --i) {
                if (cells[i].empty()) continue;
                const bool last = i + 1 == cells.size();
                const std::string name = last ? "" : names[i] + ": ";
                meaning += (meaning.empty() ? "" : ". ") + name + cells[i];
            }
            page_.item(cells.front(), meaning);
        }
    }

    Roff& page_;
    const Lines& lines_;
    std::size_t at_ = 0;
};

std::size_t depth_of(const std::string& line) {
    return line.starts_with("#") ? line.find_first_not_of('#') : 0;
}

}  // namespace

void put_markdown(Roff& page, std::string_view document, std::string_view section) {
    Lines lines = proto::lines_of(document);
    if (section.empty()) {
        page.heading("Description");
    } else {
        const auto begin = std::ranges::find_if(lines, [&](const std::string& line) {
            const std::size_t depth = depth_of(line);
            return depth != 0 && trimmed(line.substr(depth)) == section;
        });
        if (begin == lines.end())
            throw std::runtime_error("there is no section \"" + std::string(section) + "\"");
        const std::size_t depth = depth_of(*begin);
        const auto end = std::find_if(begin + 1, lines.end(), [&](const std::string& line) {
            return depth_of(line) != 0 && depth_of(line) <= depth;
        });
        lines = Lines(begin, end);
        lines.front() = "## " + std::string(section);
    }
    Blocks(page, lines).put();
}

}  // namespace genspool::manual
