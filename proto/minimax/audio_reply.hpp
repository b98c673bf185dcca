#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// The media type of an `audio_setting.format`; empty for one that is not known.
std::string_view audio_media_type(std::string_view format);

/// Hex, or a URL: with output_format=url the link stands where the audio would. Empty: neither.
std::string_view audio_of(const boost::json::object& fields);

/// What is worth keeping of a reply's `extra_info`: lengths, rates, billed characters.
boost::json::object small_extra_info(const boost::json::object& fields);

/// What a reply with `data.audio` says: hex of the whole file, or a link where that was asked for.
SubmitOutcome read_audio_reply(const Reply& reply, std::string_view media_type);

/// The file out of the hex. Refuses digits that are none, an odd number of them, and a length other
/// than the one that extra_info states (`size_field`: "audio_size", "music_size").
ExtractOutcome extract_audio(const Reply& reply, std::string_view size_field);

/// The bytes of strict hex, in either case; nullopt if it is none.
std::optional<std::string> hex_decode(std::string_view text);

}  // namespace genspool::proto::minimax
