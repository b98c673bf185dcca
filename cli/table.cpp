#include "cli/table.hpp"

#include <algorithm>

#include "cli/text_width.hpp"

namespace genspool::cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 12;  ///< the last column keeps this much, come what may

void append_cell(std::string& out, const Cell& cell, std::size_t wide, Table::Align align,
                 bool colours) {
    const std::string text = painted(cell.text, cell.paint, colours);
    const std::string blanks(wide - std::min(wide, width_of(cell.text)), ' ');
    out += align == Table::Align::right ? blanks + text : text + blanks;
}

void strip_end(std::string& line) {
    while (line.ends_with(' '))
        line.pop_back();
}

}  // namespace

std::string Table::text(bool colours, int columns_max) const {
    std::vector<std::vector<Cell>> lines;
    std::vector<Cell> titles;
    for (const Column& column : columns_)
        titles.emplace_back(column.title, Paint::bold);
    lines.push_back(std::move(titles));
    for (const auto& row : rows_) {
        lines.push_back(row);
        lines.back().resize(columns_.size(), Cell(""));
        for (Cell& cell : lines.back())
            cell.text = printable(cell.text);
    }
    std::vector<std::size_t> wide(columns_.size(), 0);
    for (std::size_t line = 1; line < lines.size(); ++line) {
        for (std::size_t i = 0; i < wide.size(); ++i)
            wide[i] = std::max(wide[i], width_of(lines[line][i].text));
    }
    std::size_t last = columns_.size() - 1;
    while (last > 0 && wide[last] == 0)
        --last;
    std::string out;
    for (auto& line : lines) {
        std::string text;
        std::size_t taken = 0;
        for (std::size_t i = 0; i <= last; ++i) {
            if (wide[i] == 0) continue;
            const std::size_t most = std::max(wide[i], width_of(columns_[i].title));
            if (i == last && columns_max > 0) {
                const auto room = static_cast<std::size_t>(columns_max);
                line[i].text =
                    cut_to(line[i].text, std::max(narrowest, room - std::min(room, taken)));
            }
            const bool pads = i < last || columns_[i].align == Align::right;
            append_cell(text, line[i], pads ? most : 0, columns_[i].align, colours);
            taken += most + gap;
            if (i < last) text.append(gap, ' ');
        }
        strip_end(text);
        out += text + "\n";
    }
    return out;
}

void Details::add(std::string name, Cell value) {
    value.text = printable(value.text);
    if (!value.text.empty()) entries_.emplace_back(std::move(name), std::move(value));
}

std::string Details::text(bool colours) const {
    std::size_t wide = 0;
    for (const auto& [name, value] : entries_)
        wide = std::max(wide, width_of(name));
    std::string out;
    for (const auto& [name, value] : entries_) {
        out += painted(name, Paint::faint, colours);
        out.append(wide - width_of(name) + gap, ' ');
        out += painted(value.text, value.paint, colours) + "\n";
    }
    return out;
}

}  // namespace genspool::cli
