#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace genspool::tests {

struct ProcessOptions {
    std::vector<std::string> command;      ///< path and arguments
    std::vector<std::string> environment;  ///< NAME=VALUE, beside and above our own
    std::string directory;                 ///< where it runs; empty: where we do
    std::string output;                    ///< file to which its output is appended; empty: nowhere
    std::string errors;  ///< the same for its second output; empty: where the first goes
};

/// A program of this test's own. Ended with kill -9 when its owner goes, or the whole test. Start
/// it from the main thread: the kernel ends it with the thread that started it.
class Process {
public:
    /// Throws std::system_error if it cannot be started.
    explicit Process(const ProcessOptions& options);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void signal(int number) const;

    /// Lifts the bound on its core dumps, as a careless administrator would; false if we may not.
    bool allow_core() const;
    /// Who may look into its memory: its user, or root alone.
    uid_t memory_owner() const;
    /// Whether it left a core dump; once it has ended.
    bool dumped_core() const { return dumped_core_; }

    /// Its exit code, or minus the signal that ended it; nullopt if it still runs after `patience`.
    std::optional<int> wait_for(std::chrono::milliseconds patience);
    /// The same without end.
    int wait();
    bool running() { return !wait_for(std::chrono::milliseconds(0)); }

    /// What it holds in memory now, and held at most so far; 0 if it is gone.
    std::uint64_t resident_bytes() const;
    std::uint64_t resident_bytes_peak() const;

private:
    std::uint64_t status_bytes(const std::string& field) const;

    pid_t pid_ = 0;
    int pidfd_ = -1;
    std::optional<int> ended_;
    bool dumped_core_ = false;
};

}  // namespace genspool::tests
