#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/programs/daemon_program.hpp"
#include "tests/programs/simulator_program.hpp"

namespace genspool::tests {

/// Holds what a daemon says against what the upstream sold. Every discrepancy is a failed CHECK.
class Audit {
public:
    /// Reads all jobs over the API; the daemon is up and has nothing left to do.
    Audit(const DaemonProgram& daemon, const SimulatorProgram& simulator);

    /// Exactly these jobs are there. Each is bought at most once more often than the upstream
    /// itself failed it, and has succeeded with what was bought, or is held, or failed upstream.
    void check_jobs(const std::vector<std::string>& names) const;

    /// Each purchase has its row, and is not released.
    void check_ledger() const;

    /// Each ended job of these files stands once in its results; no half files lie about.
    void check_files(const std::vector<std::string>& files) const;

    /// The daemon is down. No more jobs are held than answers were ambiguous, or were under way at
    /// a kill (`submitting_at_kills`); the database keeps its promises.
    void check_database(std::uint64_t submitting_at_kills) const;

    std::uint64_t held() const { return held_; }

private:
    struct Job {
        std::string id;
        std::string state;
        std::vector<std::string> sha256;
        std::vector<std::string> paths;
    };
    struct Bought {
        std::uint64_t purchases = 0;
        std::uint64_t failed = 0;
        std::vector<std::string> sha256;
    };

    void check_artifacts(const Job& job, const Bought& bought) const;
    const Bought& bought(const std::string& name) const;
    std::uint64_t ended_in_batches() const;
    bool only_held_are_spooled() const;

    const DaemonProgram& daemon_;
    const SimulatorProgram& simulator_;
    std::map<std::string, Job> jobs_;  ///< by custom_id
    std::map<std::string, Bought> bought_;
    std::uint64_t shown_ = 0;
    std::uint64_t held_ = 0;
};

}  // namespace genspool::tests
