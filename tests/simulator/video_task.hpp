#pragma once

#include <cstdint>
#include <string>

#include "proto/time.hpp"

namespace genspool::simulator {

/// A video under way: its state is a matter of the clock alone.
struct VideoTask {
    std::string account;
    std::int64_t file_id = 0;  ///< 0 when the task will fail
    proto::Instant created;
    proto::Instant finishes;
    int fail_code = 0;           ///< what it fails with; 0 = it succeeds
    bool odd_words = false;      ///< answers unheard-of states until it is final
    bool success_shown = false;  ///< one query has answered Success

    bool finished(proto::Instant now) const { return now >= finishes; }
    bool succeeded(proto::Instant now) const { return finished(now) && fail_code == 0; }
};

}  // namespace genspool::simulator
