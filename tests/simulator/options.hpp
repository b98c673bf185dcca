#pragma once

#include <array>
#include <cstdint>

#include "proto/time.hpp"
#include "tests/simulator/faults.hpp"
#include "tests/simulator/slot_class.hpp"

namespace genspool::simulator {

/// How the upstream behaves.
struct ModelOptions {
    /// What a video takes from create to Success, and a synchronous call from request to answer,
    /// give or take half of it.
    proto::Duration latency{5'000};
    proto::Duration link_life{3'600'000};  ///< how long a link of files/retrieve is valid
    proto::Duration slow_download{2'000};  ///< how long a download takes that is slow by fault
    std::uint64_t seed = 1;                ///< of every chance taken
    FaultPlan faults;
    std::array<std::uint32_t, slot_class_count> limits{};  ///< at once, per account; 0 = no limit
    std::array<std::uint32_t, slot_class_count> rpm{};     ///< a minute, per account; 0 = no limit
    std::uint64_t video_bytes = 0;  ///< videos are padded to this size; 0 = as they are
    /// A paid reply to be cut is held instead, for a test that kills its reader in that moment.
    bool stall_cuts = false;
};

}  // namespace genspool::simulator
