#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tests/bench/report.hpp"

namespace genspool::bench {

/// What a measurement is given: where the programs lie, a directory of its own on the disk to be
/// measured, and where its findings go.
struct Context {
    std::string programs;   ///< directory of genspoold and genspool-sim
    std::string directory;  ///< empty, removed afterwards
    bool quick = false;     ///< a tenth of the work: to see that it runs, not to quote
    Report& report;

    /// `full`, or a tenth of it.
    std::uint64_t scaled(std::uint64_t full) const { return quick ? full / 10 : full; }
    std::string program(std::string_view name) const { return programs + "/" + std::string(name); }
    std::string path(std::string_view name) const { return directory + "/" + std::string(name); }
};

/// One measurement. Throws what keeps it from measuring.
struct Bench {
    std::string_view name;
    std::string_view what;
    void (*run)(Context& context);
};

/// All of them, in the order in which they run.
std::span<const Bench> all_benches();

}  // namespace genspool::bench
