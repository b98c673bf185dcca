#pragma once

#include <cstdint>
#include <string_view>

#include "proto/job.hpp"

namespace genspool::daemon::gateway::useapi {

/// How a paid call is answered.
enum class Shape : std::uint8_t {
    video,     ///< at once, with an id
    pictures,  ///< the same, with an id for each
    speech,
    song,
    agent,   ///< the same if it says `async`, else when the job has ended
    spoken,  ///< speech, when the job has ended
    played,  ///< a video, as events
};

/// One paid call of the upstream's API.
struct PaidCall {
    std::string_view path;  ///< below `base`
    proto::Kind kind;
    Shape shape;
    int status;  ///< of a success
};

/// nullptr: there is no such call.
const PaidCall* find_paid_call(std::string_view path);

}  // namespace genspool::daemon::gateway::useapi
