#include "daemon/gateway/useapi/calls.hpp"

#include <array>

namespace genspool::daemon::gateway::useapi {
namespace {

using proto::Kind;

constexpr std::array calls{
    PaidCall{"/videos/create", Kind::video, Shape::video, 200},
    PaidCall{"/videos/agent-create", Kind::video_template, Shape::played, 200},
    PaidCall{"/images/create", Kind::image, Shape::pictures, 200},
    PaidCall{"/speech/create", Kind::tts, Shape::speech, 201},
    PaidCall{"/speech/create-mp3", Kind::tts, Shape::spoken, 200},
    PaidCall{"/music/create", Kind::music, Shape::song, 201},
    PaidCall{"/agent", Kind::agent, Shape::agent, 201},
};

}  // namespace

const PaidCall* find_paid_call(std::string_view path) {
    for (const PaidCall& each : calls)
        if (each.path == path) return &each;
    return nullptr;
}

}  // namespace genspool::daemon::gateway::useapi
