#include "tests/simulation/coverage.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>

namespace genspool::simulation {
namespace {

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size()), ' ');
    return text;
}

/// Four characters: 7, 123, 12k, 3M.
std::string brief(std::uint64_t count) {
    if (count < 10'000) return std::to_string(count);
    if (count < 10'000'000) return std::to_string(count / 1'000) + "k";
    return std::to_string(count / 1'000'000) + "M";
}

std::optional<Fault> column_fault(std::size_t column) {
    if (column == fault_count) return std::nullopt;
    return static_cast<Fault>(column);
}

}  // namespace

void Coverage::note(std::size_t row, FaultSet since) {
    ++total_.at(row);
    if (since == 0) ++seen_.at(row).at(fault_count);
    for (std::size_t fault = 0; fault < fault_count; ++fault) {
        if ((since & set_of(static_cast<Fault>(fault))) != 0) ++seen_.at(row).at(fault);
    }
}

void Coverage::add(const Coverage& other) {
    for (std::size_t row = 0; row < rows_max; ++row) {
        total_.at(row) += other.total_.at(row);
        for (std::size_t column = 0; column < columns; ++column)
            seen_.at(row).at(column) += other.seen_.at(row).at(column);
    }
    crashes += other.crashes;
    worlds += other.worlds;
    steps += other.steps;
}

std::string Coverage::row_name(std::size_t row) {
    const proto::Transition& transition = proto::transitions[row];
    std::string name(proto::to_string(transition.from));
    name += " + ";
    name += proto::to_string(transition.on);
    if (transition.when == proto::When::cancelled) name += " (cancel waits)";
    return name;
}

std::vector<std::uint64_t> Coverage::counts(std::size_t row) const {
    std::vector<std::uint64_t> counts{total_.at(row)};
    counts.insert(counts.end(), seen_.at(row).begin(), seen_.at(row).end());
    return counts;
}

void Coverage::set_counts(std::size_t row, const std::vector<std::uint64_t>& counts) {
    if (counts.size() != columns + 1)
        throw std::runtime_error(row_name(row) + " has other columns");
    total_.at(row) = counts.front();
    std::copy(counts.begin() + 1, counts.end(), seen_.at(row).begin());
}

std::uint64_t Coverage::transitions() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : total_)
        sum += count;
    return sum;
}

std::size_t Coverage::missing() const {
    std::size_t count = 0;
    for (std::size_t row = 0; row < proto::transitions.size(); ++row) {
        for (std::size_t column = 0; column < columns; ++column) {
            const bool can_be = unreachable(proto::transitions[row], column_fault(column)).empty();
            if (can_be && seen_.at(row).at(column) == 0) ++count;
        }
    }
    return count;
}

std::string Coverage::table() const {
    constexpr std::size_t name_width = 42;
    constexpr std::size_t width = 9;
    std::string text = padded("state + event", name_width) + padded("all", width);
    for (const std::string_view name : fault_names)
        text += padded(std::string(name), width);
    text += "quiet\n";
    std::map<std::string_view, std::size_t> reasons;
    for (std::size_t row = 0; row < proto::transitions.size(); ++row) {
        const proto::Transition& transition = proto::transitions[row];
        text += padded(row_name(row), name_width) + padded(brief(total_.at(row)), width);
        for (std::size_t column = 0; column < columns; ++column) {
            const std::uint64_t count = seen_.at(row).at(column);
            const std::string_view why = unreachable(transition, column_fault(column));
            std::string cell = count == 0 ? "MISSING" : brief(count);
            if (count == 0 && !why.empty()) {
                const std::size_t number = reasons.emplace(why, reasons.size() + 1).first->second;
                cell = "(" + std::to_string(number) + ")";
            }
            text += padded(std::move(cell), width);
        }
        text.erase(text.find_last_not_of(' ') + 1);
        text += '\n';
    }
    std::map<std::size_t, std::string_view> by_number;
    for (const auto& [why, number] : reasons)
        by_number.emplace(number, why);
    for (const auto& [number, why] : by_number)
        text += "(" + std::to_string(number) + ") " + std::string(why) + "\n";
    return text;
}

}  // namespace genspool::simulation
