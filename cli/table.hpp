#pragma once

#include <string>
#include <vector>

#include "cli/console.hpp"

namespace genspool::cli {

struct Cell {
    std::string text;
    Paint paint = Paint::plain;

    // A row is written as a list of texts.
    // NOLINTBEGIN(google-explicit-constructor)
    Cell(std::string t, Paint p = Paint::plain) : text(std::move(t)), paint(p) {}
    Cell(const char* t) : text(t) {}
    // NOLINTEND(google-explicit-constructor)
};

/// An aligned table with a header line; blanks between the columns, no tabs, no frame.
class Table {
public:
    enum class Align { left, right };

    struct Column {
        std::string title;
        Align align = Align::left;
    };

    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

    /// One cell for each column; what is missing at the end is empty.
    void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
    bool empty() const { return rows_.empty(); }

    /// The lines. Where a width is known the last column is cut so that no line is longer; a column
    /// that is empty in every row is left out.
    std::string text(bool colours, int columns_max) const;

    void print(const Console& console) const {
        console.out(text(console.colours, console.columns));
    }

private:
    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

/// "name   value" lines, the names aligned; entries without a value are left out.
class Details {
public:
    void add(std::string name, Cell value);
    std::string text(bool colours) const;
    void print(const Console& console) const { console.out(text(console.colours)); }

private:
    std::vector<std::pair<std::string, Cell>> entries_;
};

}  // namespace genspool::cli
