#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/programs/daemon_program.hpp"

namespace genspool::tests {

/// Hands in jobs while the daemon is killed and started: one by one over the API, each with its
/// idempotency key and repeated until it is acknowledged, and every now and then a file of them
/// into the inbox. A job's custom_id is the first word of its prompt; no two are alike.
class Feeder {
public:
    explicit Feeder(const DaemonProgram& daemon);
    ~Feeder();
    Feeder(const Feeder&) = delete;
    Feeder& operator=(const Feeder&) = delete;

    /// Lets it hand in so many more.
    void allow(std::uint64_t handings);

    /// Waits until all that was allowed is acknowledged. The daemon must be up.
    void finish();

    /// The custom_ids of all jobs handed in. After finish().
    const std::vector<std::string>& names() const { return names_; }
    const std::vector<std::string>& files() const { return files_; }
    /// What the API answered other than that it took the job.
    const std::vector<std::string>& refusals() const { return refusals_; }

private:
    void run();
    bool await_permit();
    std::string next_job();
    void hand_in_one();
    void drop_file();

    const DaemonProgram& daemon_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t allowed_ = 0;
    bool finishing_ = false;
    std::atomic<bool> abandoned_ = false;
    std::uint64_t handings_ = 0;
    std::vector<std::string> names_;
    std::vector<std::string> files_;
    std::vector<std::string> refusals_;
    std::thread thread_;
};

}  // namespace genspool::tests
