#include "daemon/gateway/minimax/calls.hpp"

#include <array>

namespace genspool::daemon::gateway::minimax {
namespace {

using proto::Kind;

constexpr std::array calls{
    PaidCall{"/v1/video_generation", Kind::video, Shape::video},
    PaidCall{"/v1/video_template_generation", Kind::video_template, Shape::video_template},
    PaidCall{"/v2/video_generation", Kind::video, Shape::video_v2},
    PaidCall{"/v2/video_regeneration", Kind::video, Shape::video_v2},
    PaidCall{"/v2/h3_context_ir", Kind::chat, Shape::video_v2},
    PaidCall{"/v1/t2a_async_v2", Kind::tts, Shape::async_speech},
    PaidCall{"/v1/batches", Kind::chat_batch, Shape::batch},
    PaidCall{"/v1/t2a_v2", Kind::tts, Shape::speech},
    PaidCall{"/v1/music_generation", Kind::music, Shape::music},
    PaidCall{"/v1/image_generation", Kind::image, Shape::pictures},
    PaidCall{"/v1/lyrics_generation", Kind::lyrics, Shape::lyrics},
    PaidCall{"/v1/music_cover_preprocess", Kind::lyrics, Shape::cover},
    PaidCall{"/v1/voice_clone", Kind::voice_clone, Shape::cloned_voice},
    PaidCall{"/v1/voice_design", Kind::voice_design, Shape::designed_voice},
    PaidCall{"/v1/text/chatcompletion_v2", Kind::chat, Shape::chat},
    PaidCall{"/v1/chat/completions", Kind::chat, Shape::openai_chat},
};

}  // namespace

const PaidCall* find_paid_call(std::string_view path) {
    for (const PaidCall& each : calls)
        if (each.path == path) return &each;
    return nullptr;
}

bool tells_by_status(std::string_view path) {
    return path.starts_with("/v2/") || path == "/v1/chat/completions" || path == "/v1/models";
}

}  // namespace genspool::daemon::gateway::minimax
