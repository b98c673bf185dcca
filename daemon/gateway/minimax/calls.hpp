#pragma once

#include <cstdint>
#include <string_view>

#include "proto/job.hpp"

namespace genspool::daemon::gateway::minimax {

/// How a paid call is answered.
enum class Shape : std::uint8_t {
    // At once, with the number of a task:
    video,
    video_template,
    video_v2,
    async_speech,
    batch,
    // When the job has ended:
    speech,
    music,
    pictures,
    lyrics,
    cover,
    cloned_voice,
    designed_voice,
    chat,
    openai_chat,
};

/// One paid call of the upstream's API.
struct PaidCall {
    std::string_view path;
    proto::Kind kind;
    Shape shape;

    bool answered_at_once() const { return shape <= Shape::batch; }
};

/// nullptr: there is no such call.
const PaidCall* find_paid_call(std::string_view path);

/// Whether errors of this path are told as v2 and the compatible surfaces do: by HTTP's own codes.
bool tells_by_status(std::string_view path);

}  // namespace genspool::daemon::gateway::minimax
