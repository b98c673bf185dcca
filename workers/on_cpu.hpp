#pragma once

#include <atomic>
#include <cstdint>

#include "proto/ids.hpp"

namespace genspool::workers {

/// Notes, while it lives, which job's bytes are being worked on, in a word that outlives the
/// process: so a start can tell whose step was on the CPU when it died. Never held across an await.
class OnCpu {
public:
    /// `word` may be null: nothing is noted.
    OnCpu(std::atomic<std::uint64_t>* word, proto::JobSeq job) : word_(word) {
        if (word_) word_->store(job.value, std::memory_order_relaxed);
    }
    ~OnCpu() {
        if (word_) word_->store(0, std::memory_order_relaxed);
    }
    OnCpu(const OnCpu&) = delete;
    OnCpu& operator=(const OnCpu&) = delete;

private:
    std::atomic<std::uint64_t>* word_;
};

}  // namespace genspool::workers
