#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "proto/ids.hpp"

namespace genspool::daemon {

/// A word in a file that is mapped into memory, so that it survives the process: the job whose step
/// was on the CPU. Throws std::runtime_error if it cannot be had.
class OnCpuWord {
public:
    /// Makes the file if it is missing. What the last process left is before(), and the word is 0.
    explicit OnCpuWord(const std::string& path);
    ~OnCpuWord();
    OnCpuWord(const OnCpuWord&) = delete;
    OnCpuWord& operator=(const OnCpuWord&) = delete;

    /// The job that was being worked on when the last process died; 0: it ended otherwise.
    proto::JobSeq before() const { return before_; }
    std::atomic<std::uint64_t>* word() const { return word_; }

private:
    std::atomic<std::uint64_t>* word_ = nullptr;
    proto::JobSeq before_;
};

}  // namespace genspool::daemon
