#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace genspool::bench {

/// A bound that DESIGN sets, in the unit of what is measured.
struct Budget {
    enum class Kind : std::uint8_t { none, at_least, at_most };

    Kind kind = Kind::none;
    double bound = 0;
};

inline Budget at_least(double bound) {
    return {Budget::Kind::at_least, bound};
}
inline Budget at_most(double bound) {
    return {Budget::Kind::at_most, bound};
}

/// Collects findings and prints them as one table: what, measured, budget, and whether it stands.
class Report {
public:
    /// Also printed at once, as a sign of life. `unit` stands behind the number, as in " jobs/s".
    void add(std::string what, double measured, std::string unit, Budget budget = {});

    /// The table. False: some budget does not stand.
    bool print() const;

private:
    struct Row {
        std::string what;
        std::string measured;
        std::string budget;
        std::string stands;
    };

    std::vector<Row> rows_;
    bool all_stand_ = true;
};

}  // namespace genspool::bench
