#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace genspool::simulator {

/// What the upstream limits separately, per account. A task takes a slot from its create until it
/// is final; the rest are synchronous and take one while the call is open.
enum class SlotClass : std::uint8_t {
    video,
    image,
    music,
    tts,
    lyrics,
    video_v2,
    chat,
    voice,
    tts_async,
    chat_batch,
    tts_ws,
    speech,  ///< with useapi.net, as the next
    agent
};

inline constexpr std::size_t slot_class_count = 13;
inline constexpr std::array<std::string_view, slot_class_count> slot_class_names{
    "video", "image",     "music",      "tts",    "lyrics", "video_v2", "chat",
    "voice", "tts_async", "chat_batch", "tts_ws", "speech", "agent"};

std::string_view to_string(SlotClass slot);
std::optional<SlotClass> parse_slot_class(std::string_view name);

}  // namespace genspool::simulator
