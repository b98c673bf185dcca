#include "tests/bench/report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>
#include <utility>

namespace genspool::bench {
namespace {

/// Three digits or so are all that a measurement like these is good for.
std::string number(double value) {
    const int digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    std::string plain(text.data());
    if (digits > 0) return plain;
    for (std::size_t at = plain.size(); at > 3; at -= 3)
        plain.insert(at - 3, ",");
    return plain;
}

std::string padded(const std::string& text, std::size_t width) {
    return text + std::string(width - std::min(width, text.size()), ' ');
}

}  // namespace

void Report::add(std::string what, double measured, std::string unit, Budget budget) {
    Row row;
    row.what = std::move(what);
    row.measured = number(measured) + unit;
    if (budget.kind != Budget::Kind::none) {
        const bool least = budget.kind == Budget::Kind::at_least;
        const bool stands = least ? measured >= budget.bound : measured <= budget.bound;
        const double ratio = least ? measured / budget.bound : budget.bound / measured;
        row.budget = (least ? ">= " : "<= ") + number(budget.bound) + unit;
        row.stands = (stands ? "yes, x" : "NO, x") + number(ratio);
        all_stand_ = all_stand_ && stands;
    }
    std::cerr << "  " << row.what << ": " << row.measured << "\n";
    rows_.push_back(std::move(row));
}

bool Report::print() const {
    std::size_t what = 4;
    std::size_t measured = 8;
    std::size_t budget = 6;
    for (const Row& row : rows_) {
        what = std::max(what, row.what.size());
        measured = std::max(measured, row.measured.size());
        budget = std::max(budget, row.budget.size());
    }
    const auto line = [&](const std::string& a, const std::string& b, const std::string& c,
                          const std::string& d) {
        std::cout << "| " << padded(a, what) << " | " << padded(b, measured) << " | "
                  << padded(c, budget) << " | " << padded(d, 10) << " |\n";
    };
    line("what", "measured", "budget", "stands");
    line(std::string(what, '-'), std::string(measured, '-'), std::string(budget, '-'),
         std::string(10, '-'));
    for (const Row& row : rows_)
        line(row.what, row.measured, row.budget, row.stands);
    return all_stand_;
}

}  // namespace genspool::bench
