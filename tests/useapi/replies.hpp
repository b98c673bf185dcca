#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proto/codec.hpp"
#include "tests/support/replies.hpp"

namespace genspool::tests {

inline constexpr std::string_view video_id = "user:1-minimax:301-video:9";
inline constexpr std::string_view image_id = "user:1-minimax:301-image:7";
inline constexpr std::string_view audio_id = "user:1-minimax:301-audio:8";
inline constexpr std::string_view music_id = "user:1-minimax:301-music:6";
inline constexpr std::string_view job_id = "p12-u1-a301-bot:minimax";
inline constexpr std::string_view file_id = "user:1-minimax:301-file:55";

/// What useapi.net answered at noon on 1 January 2027.
proto::Reply dated(proto::Reply reply);
proto::Instant noon();

proto::JobSpec spec(std::string_view request);
proto::Task task(std::string_view id);
proto::Source source(std::string_view handle);

/// The paid call as it goes out by account 301, with a callback and the name of its send.
proto::Call sent(const proto::Codec& codec, std::string_view request,
                 std::string_view account = "301");

/// "METHOD target body" of a call after it was addressed.
std::string shown(proto::Call call, std::string_view account = "301");

/// How a poll reads this: "running WORD", "running? WORD" where the word is unknown, "done HANDLE
/// TYPE, …", "failed CODE", "again" behind it where it may be bought once more, "refused CODE" or
/// "gone".
std::string polled(const proto::Codec& codec, std::string_view id, const proto::Reply& reply);

/// "ID as SHOWN at MILLISECONDS named REFERENCE of PURCHASE; …" and what asks for the next page; or
/// why there is no list.
std::string listed(const proto::Codec& codec, std::string_view page, const proto::Reply& reply);

/// "ID WORD; …", or why nothing is told.
std::string polled_together(const proto::Codec& codec, const proto::Reply& reply);

/// "PATH FAMILY PURPOSE;" of each file the request may take, or why it is refused.
std::string files(const proto::Codec& codec, std::string_view request);

}  // namespace genspool::tests
