#include "proto/minimax/usual_times.hpp"

#include <array>

namespace genspool::proto::minimax {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// As of August 2026. MiniMax promises no times. What is known: music takes 90 seconds to 5 minutes
// (reports of its clients), a cloned voice seconds to tens of seconds, a chat batch up to a day
// (its pages). All else is assumed.
constexpr std::array table{
    UsualTime{"minimax.chat", {seconds{3}, seconds{15}, seconds{60}}},
    UsualTime{"minimax.chat_batch", {minutes{10}, hours{2}, hours{24}}},
    UsualTime{"minimax.h3_context_ir", {seconds{5}, seconds{20}, seconds{60}}},
    UsualTime{"minimax.image", {seconds{8}, seconds{20}, seconds{45}}},
    UsualTime{"minimax.lyrics", {seconds{5}, seconds{15}, seconds{40}}},
    UsualTime{"minimax.music", {seconds{90}, seconds{150}, seconds{300}}},
    UsualTime{"minimax.music_cover_preprocess", {seconds{10}, seconds{30}, seconds{90}}},
    UsualTime{"minimax.t2a_async_v2", {seconds{10}, seconds{60}, seconds{300}}},
    UsualTime{"minimax.t2a_v2", {seconds{1}, seconds{4}, seconds{15}}},
    UsualTime{"minimax.t2a_ws", {seconds{30}, seconds{120}, seconds{600}}},
    UsualTime{"minimax.video_template", {seconds{60}, seconds{150}, seconds{400}}},
    UsualTime{"minimax.video_v1", {seconds{60}, seconds{180}, seconds{480}}},
    UsualTime{"minimax.video_v2", {seconds{60}, seconds{240}, seconds{600}}},
    UsualTime{"minimax.voice_clone", {seconds{5}, seconds{15}, seconds{40}}},
    UsualTime{"minimax.voice_design", {seconds{5}, seconds{15}, seconds{40}}},
};

}  // namespace

std::span<const UsualTime> usual_times() {
    return table;
}

}  // namespace genspool::proto::minimax
