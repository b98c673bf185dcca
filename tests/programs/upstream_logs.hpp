#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace genspool::tests {

/// One line of the simulator's truth log: something that has to be paid for.
struct Purchase {
    std::string prompt;
    std::string endpoint;
    std::vector<std::string> sha256;  ///< of its artifacts
    std::vector<std::string> files;   ///< SHA-256 of those inside its request
    bool failed = false;              ///< the upstream itself fails the work
};

std::vector<Purchase> read_purchases(const std::string& truth_log);

/// What the simulator's fault log adds up to.
struct FaultCounts {
    std::uint64_t ambiguous = 0;          ///< answers that do not tell whether anything was bought
    std::vector<std::string> violations;  ///< as logged
};

FaultCounts read_faults(const std::string& fault_log);

/// The lines of a file; empty where it is not there.
std::vector<std::string> read_lines(const std::string& path);

/// The file's SHA-256 in hex; empty where it cannot be read.
std::string sha256_of_file(const std::string& path);

}  // namespace genspool::tests
