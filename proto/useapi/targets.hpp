#pragma once

#include <array>
#include <string_view>

/// Where things are, below the base address.
namespace genspool::proto::useapi {

/// What costs money.
inline constexpr std::string_view video_create = "/videos/create";
inline constexpr std::string_view template_create = "/videos/agent-create";
inline constexpr std::string_view image_create = "/images/create";
inline constexpr std::string_view agent_create = "/agent";
inline constexpr std::string_view speech_create = "/speech/create";
inline constexpr std::string_view music_create = "/music/create";
inline constexpr std::array paid_targets{video_create, template_create, image_create,
                                         agent_create, speech_create,   music_create};

/// What runs now, of all accounts of the token; of agents in a list of their own.
inline constexpr std::string_view scheduler = "/scheduler/";
inline constexpr std::string_view agent_jobs = "/agent/jobs";

/// Stands in a target for the linked account, until the call is addressed.
inline constexpr std::string_view account_marker = "{account}";

}  // namespace genspool::proto::useapi
