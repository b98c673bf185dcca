#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/lifecycle.hpp"
#include "tests/simulation/faults.hpp"

namespace genspool::simulation {

/// Which rows of the lifecycle table were seen, and which faults had befallen the job since it came
/// into the state that the row leads out of. The last column: none had.
class Coverage {
public:
    static constexpr std::size_t rows_max = 128;
    static constexpr std::size_t columns = fault_count + 1;

    /// A transition by row `row` of proto::transitions.
    void note(std::size_t row, FaultSet since);
    void add(const Coverage& other);

    /// Of proto::transitions[row], in words; each row has its own.
    static std::string row_name(std::size_t row);
    /// The row's line: how often it was seen, and after which faults.
    std::vector<std::uint64_t> counts(std::size_t row) const;
    /// Throws std::runtime_error for a line of another length.
    void set_counts(std::size_t row, const std::vector<std::uint64_t>& counts);

    std::uint64_t transitions() const;
    /// Cells that should have been seen and were not.
    std::size_t missing() const;
    /// The whole table, with "-" where a cell cannot be, and why.
    std::string table() const;

    std::uint64_t crashes = 0;
    std::uint64_t worlds = 0;
    std::uint64_t steps = 0;

private:
    std::array<std::array<std::uint64_t, columns>, rows_max> seen_{};
    std::array<std::uint64_t, rows_max> total_{};
};

/// Why this row cannot be met after this fault (nullopt as `fault`: without any); empty: it can.
std::string_view unreachable(const proto::Transition& row, std::optional<Fault> fault);

}  // namespace genspool::simulation
