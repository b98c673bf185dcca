#pragma once

#include <array>
#include <string_view>

#include "proto/codec.hpp"

/// Where things are, below the base address.
namespace genspool::proto::useapi {

/// What costs money.
inline constexpr std::string_view video_create = "/videos/create";
inline constexpr std::string_view template_create = "/videos/agent-create";
inline constexpr std::string_view image_create = "/images/create";
inline constexpr std::string_view agent_create = "/agent";
inline constexpr std::string_view speech_create = "/speech/create";
inline constexpr std::string_view music_create = "/music/create";
inline constexpr std::array paid_paths{
    PaidPath{video_create, Kind::video}, PaidPath{template_create, Kind::video_template},
    PaidPath{image_create, Kind::image}, PaidPath{agent_create, Kind::agent},
    PaidPath{speech_create, Kind::tts},  PaidPath{music_create, Kind::music},
};

/// What runs now, of all accounts of the token; of agents in a list of their own.
inline constexpr std::string_view scheduler = "/scheduler/";
inline constexpr std::string_view agent_jobs = "/agent/jobs";

/// Stands in a target for the linked account, until the call is addressed.
inline constexpr std::string_view account_marker = "{account}";

}  // namespace genspool::proto::useapi
