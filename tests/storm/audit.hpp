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

    /// Each ended job of a batch and each refused line stands once in its results, and batches that
    /// have ended say so; dropped files lie where they belong, with the reason where they were
    /// rejected; no half files lie about.
    void check_files(const std::vector<std::string>& accepted,
                     const std::vector<std::string>& rejected = {}) const;

    /// The daemon is down. No more jobs are held than answers were ambiguous, or were under way at
    /// a kill (`submitting_at_kills`); the database keeps its promises. Answers these numbers.
    std::string check_database(std::uint64_t submitting_at_kills) const;

    std::uint64_t held() const { return held_; }

private:
    struct Job {
        std::string id;
        std::string state;
        std::uint64_t send = 0;
        std::vector<std::string> sha256;
        std::vector<std::string> paths;
    };
    struct Bought {
        std::uint64_t purchases = 0;
        std::uint64_t failed = 0;
        std::vector<std::string> sha256;
    };

    struct Batches {
        std::uint64_t lines = 0;  ///< that their result files ought to have
        std::uint64_t refused = 0;
        std::vector<std::string> results;  ///< paths without their endings
        std::vector<std::string> done;     ///< the files that say that all has ended
    };

    void check_artifacts(const Job& job, const Bought& bought) const;
    const Bought& bought(const std::string& name) const;
    Batches batches() const;
    bool was_retried_and_held(const std::string& name) const;
    bool only_held_are_spooled() const;

    const DaemonProgram& daemon_;
    const SimulatorProgram& simulator_;
    std::map<std::string, Job> jobs_;  ///< by custom_id
    std::map<std::string, Bought> bought_;
    std::uint64_t shown_ = 0;
    std::uint64_t held_ = 0;
};

}  // namespace genspool::tests
